import { connect, createServer, type Server, type Socket } from 'node:net'
import type { EventLoop } from '../ports/event-loop.ts'
import type { Address, Link, Listener, Network, Receiver, TlsServing, Way } from '../ports/network.ts'
import { adoptHandle } from './adopt-handle.ts'
import { Attention } from './attention.ts'
import { noPort, refusal } from './connection-errors.ts'
import { copyTo, follow, SocketLink } from './socket-link.ts'
import type { TlsDoor } from './tls-door.ts'

/** Clients that all come at once, as after a restart. */
const BACKLOG = 1024

const MAX_PORT = 65_535

interface SocketOptions {
  /** Whether accepted sockets read into the receivers' own rooms, where this Node can. */
  readonly adoptsHandles: boolean
  /** What an accepted client is waited for in, awake; null: it is waited for asleep. */
  readonly loop: EventLoop | null
}

/** The Network port over the system's TCP sockets. */
export function systemNetwork(loop: EventLoop | null): Network {
  return socketNetwork({ adoptsHandles: true, loop })
}

export function socketNetwork(options: SocketOptions): Network {
  return { connect: connectTo, listen: (at, accept, tls) => listenAt(at, accept, options, tls) }
}

async function connectTo(to: Address, receiver: Receiver, way: Way = {}): Promise<Link> {
  const { signal, tls } = way
  // Brokers tell the addresses of others; Node throws what is no error of ours for a port that cannot be.
  if (!(to.port >= 0 && to.port <= MAX_PORT)) throw noPort(to)
  if (tls !== undefined) {
    const { connectByTls } = await import('./tls-connection.ts')
    return connectByTls(to, receiver, { ...way, tls })
  }
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

async function listenAt(
  at: Address,
  accept: (link: Link) => Receiver,
  { adoptsHandles, loop }: SocketOptions,
  tls: TlsServing | undefined,
): Promise<Listener> {
  const door = tls === undefined ? undefined : new (await import('./tls-door.ts')).TlsDoor(tls)
  const attention = loop === null ? undefined : new Attention(loop)
  const acceptWatched = (link: Link) => watched(accept(link), attention)
  // Kept alive as Kafka keeps them: a peer that vanished without a word is found out in time.
  const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
    if (door === undefined) begin(server, socket, acceptWatched, adoptsHandles)
    else door.enter(socket, acceptWatched)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(refusal(cause, at)))
    server.listen({ port: at.port, host: at.host, backlog: BACKLOG }, () => {
      // One link that cannot be accepted, such as for want of memory, is no reason to end.
      server.on('error', () => {})
      resolve(listenerOver(server, door))
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
    secured: () => receiver.secured?.(),
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

function listenerOver(server: Server, door: TlsDoor | undefined): Listener {
  const address = server.address()
  const known = typeof address === 'object' && address !== null ? address : { address: '', port: 0 }
  return {
    address: { host: known.address, port: known.port },
    ...(door === undefined ? {} : { secureAnew: (tls) => door.renewed(tls) }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
