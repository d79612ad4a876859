import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import type { Address } from '../ports/network.ts'
import { refusal } from './connection-errors.ts'
import type { ServeHttp } from './http-exchange.ts'

export interface HttpListener {
  /** With the port that was taken. */
  readonly address: Address
  close(): Promise<void>
}

/** Tests that run side by side ask at once. */
const MOST_CONNECTIONS = 256

/** At an address. */
export function listenByHttp(at: Address, serve: ServeHttp): Promise<HttpListener> {
  return listening({ host: at.host, port: at.port }, at, serve)
}

/** At a file, which goes with the listener. Whoever may write the file may connect: the system makes it its user's alone. */
export function listenByHttpAtFile(path: string, serve: ServeHttp): Promise<HttpListener> {
  return listening({ path }, { host: path, port: 0 }, serve)
}

/** Whoever never asks does not load what speaks HTTP. */
function listening(options: ListenOptions, at: Address, serve: ServeHttp): Promise<HttpListener> {
  let connections: Promise<(socket: Socket) => void> | undefined
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    connections ??= import('./http-connections.ts').then(({ httpConnections }) => httpConnections(serve))
    connections.then(
      (take) => take(socket),
      () => socket.destroy(),
    )
  })
  server.maxConnections = MOST_CONNECTIONS
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(refusal(cause, at)))
    server.listen(options, () => {
      server.removeAllListeners('error').on('error', () => {})
      resolve({ address: addressOf(server, at), close: () => close(server, open) })
    })
  })
}

function addressOf(server: Server, at: Address): Address {
  const address = server.address()
  return typeof address === 'object' && address !== null ? { ...at, port: address.port } : at
}

function close(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  for (const socket of open) socket.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}
