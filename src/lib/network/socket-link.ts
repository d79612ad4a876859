import type { Socket } from 'node:net'
import type { Address, Link, Receiver } from '../ports/network.ts'

/** A socket as a link. Thousands may stand, so that it makes nothing of its own for each. */
export class SocketLink implements Link {
  readonly peer: Address
  #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    this.peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
  }

  /** What has been read and written so far must have been nothing. */
  moveTo(socket: Socket): void {
    this.#socket = socket
  }

  write(bytes: Uint8Array, left?: () => void): boolean {
    return this.#socket.write(bytes, left)
  }

  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}

export function follow(socket: Socket, receiver: Receiver): void {
  let failure: Error | undefined
  socket.on('drain', () => receiver.drained())
  socket.on('error', (cause) => {
    failure = cause
  })
  socket.on('close', () => receiver.closed(failure))
}

/** Where the socket has read into a buffer of its own. */
export function copyTo(receiver: Receiver, chunk: Buffer): void {
  for (let start = 0; start < chunk.length; ) {
    const room = receiver.room()
    const part = chunk.subarray(start, start + room.length)
    room.set(part)
    receiver.received(part.length)
    start += part.length
  }
}
