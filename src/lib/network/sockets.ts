import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Address, Link, Listener, Network, Receiver } from '../ports/network.ts'
import type { Turns } from '../ports/turns.ts'
import { adoptHandle } from './adopt-handle.ts'
import { Attention } from './attention.ts'
import { refusal } from './connection-errors.ts'
import { copyTo, follow, SocketLink } from './socket-link.ts'

/** Clients that all come at once, as after a restart. */
const BACKLOG = 1024

interface SocketOptions {
  /** Whether accepted sockets read into the receivers' own rooms, where this Node can. */
  readonly adoptsHandles: boolean
  /** Those in which an accepted client is waited for awake; null: it never is. */
  readonly turns: Turns | null
}

/** The Network port over the system's TCP sockets. */
export function systemNetwork(turns: Turns | null): Network {
  return socketNetwork({ adoptsHandles: true, turns })
}

export function socketNetwork(options: SocketOptions): Network {
  return { connect: connectTo, listen: (at, accept) => listenAt(at, accept, options) }
}

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
      resolve(new SocketLink(socket))
    })
  })
}

function listenAt(
  at: Address,
  accept: (link: Link) => Receiver,
  { adoptsHandles, turns }: SocketOptions,
): Promise<Listener> {
  const attention = turns === null ? undefined : new Attention(turns)
  const acceptWatched = (link: Link) => watched(accept(link), attention)
  // Kept alive as Kafka keeps them: a peer that vanished without a word is found out in time.
  const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
    begin(server, socket, acceptWatched, adoptsHandles)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(refusal(cause, at)))
    server.listen({ port: at.port, host: at.host, backlog: BACKLOG }, () => {
      // One link that cannot be accepted, such as for want of memory, is no reason to end.
      server.on('error', () => {})
      resolve(listenerOver(server))
    })
  })
}

function watched(receiver: Receiver, attention: Attention | undefined): Receiver {
  if (attention === undefined) return receiver
  return {
    room: () => receiver.room(),
    received(sizeBytes) {
      attention.arrived()
      receiver.received(sizeBytes)
      attention.served()
    },
    drained: () => receiver.drained(),
    closed: (cause) => receiver.closed(cause),
  }
}

function receive(receiver: Receiver, count: number): boolean {
  receiver.received(count)
  return true
}

/** The receiver comes first: the new socket asks it for room as it is made. */
function begin(server: Server, accepted: Socket, accept: (link: Link) => Receiver, adopts: boolean): void {
  const link = new SocketLink(accepted)
  const receiver = accept(link)
  const socket = adopts ? adoptHandle(server, accepted, receiver) : undefined
  if (socket !== undefined) link.moveTo(socket)
  else accepted.on('data', (chunk: Buffer) => copyTo(receiver, chunk)).resume()
  follow(socket ?? accepted, receiver)
}

function listenerOver(server: Server): Listener {
  const address = server.address()
  const known = typeof address === 'object' && address !== null ? address : { address: '', port: 0 }
  return {
    address: { host: known.address, port: known.port },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
