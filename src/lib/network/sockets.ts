import { connect, createServer, type Server, type Socket } from 'node:net'
import { ConnectionError } from '../errors.ts'
import type { Address, Link, Listener, Network, Receiver } from '../ports/network.ts'

/** The Network port over the system's TCP sockets. */
export const systemNetwork: Network = { connect: connectTo, listen: listenAt }

function connectTo(to: Address, receiver: Receiver, signal?: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...to,
      noDelay: true,
      ...(signal === undefined ? {} : { signal }),
      onread: { buffer: () => receiver.room(), callback: (count) => receive(receiver, count) },
    })
    const refuse = (cause: Error) => reject(refusal(cause, to))
    socket.once('error', refuse)
    socket.once('connect', () => {
      socket.off('error', refuse)
      follow(socket, receiver)
      resolve(linkOver(socket))
    })
  })
}

function listenAt(at: Address, accept: (link: Link) => Receiver): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => {
    const receiver = accept(linkOver(socket))
    // Node hands accepted sockets their own buffers, so these bytes are copied.
    socket.on('data', (chunk: Buffer) => copyTo(receiver, chunk))
    follow(socket, receiver)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(refusal(cause, at)))
    server.listen(at.port, at.host, () => resolve(listenerOver(server)))
  })
}

function receive(receiver: Receiver, count: number): boolean {
  receiver.received(count)
  return true
}

function copyTo(receiver: Receiver, chunk: Buffer): void {
  for (let start = 0; start < chunk.length; ) {
    const room = receiver.room()
    const part = chunk.subarray(start, start + room.length)
    room.set(part)
    receiver.received(part.length)
    start += part.length
  }
}

function follow(socket: Socket, receiver: Receiver): void {
  let failure: Error | undefined
  socket.on('drain', () => receiver.drained())
  socket.on('error', (cause) => {
    failure = cause
  })
  socket.on('close', () => receiver.closed(failure))
}

function linkOver(socket: Socket): Link {
  return {
    peer: { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    write: (bytes, left) => socket.write(bytes, left),
    cork: () => socket.cork(),
    uncork: () => socket.uncork(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  }
}

function listenerOver(server: Server): Listener {
  const address = server.address()
  const known = typeof address === 'object' && address !== null ? address : { address: '', port: 0 }
  return {
    address: { host: known.address, port: known.port },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const reasons: Record<string, [code: string, reason: string]> = {
  ECONNREFUSED: ['connection-refused', 'nobody listens there'],
  ENOTFOUND: ['host-unknown', 'no such host is known'],
  EAI_AGAIN: ['host-unknown', 'the name could not be looked up'],
  ETIMEDOUT: ['connection-timed-out', 'no answer'],
  EHOSTUNREACH: ['host-unreachable', 'there is no way to that host'],
  ENETUNREACH: ['host-unreachable', 'there is no way to that network'],
  ECONNRESET: ['connection-reset', 'the other side cut the connection'],
  EADDRINUSE: ['address-in-use', 'the address is in use'],
  EACCES: ['address-not-permitted', 'permission denied'],
  EADDRNOTAVAIL: ['address-not-available', 'this machine has no such address'],
  ABORT_ERR: ['connection-given-up', 'given up'],
}

function refusal(cause: Error, at: Address): ConnectionError {
  const errno = 'code' in cause ? String(cause.code) : 'unknown'
  const [code, reason] = reasons[errno] ?? ['connection-failed', cause.message]
  return new ConnectionError(code, `${at.host}:${at.port}: ${reason}`, { cause, details: { ...at, errno } })
}
