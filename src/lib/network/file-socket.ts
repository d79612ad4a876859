import { connect } from 'node:net'
import type { Link, Receiver, Way } from '../ports/network.ts'
import { refusal } from './connection-errors.ts'
import { copyTo, follow, SocketLink } from './socket-link.ts'

/** A link to whoever listens at a file of this machine. */
export function connectToFile(
  path: string,
  receiver: Receiver,
  { signal }: Pick<Way, 'signal'>,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, ...(signal === undefined ? {} : { signal }) })
    const refuse = (cause: Error) => reject(refusal(cause, { host: path, port: 0 }))
    socket.once('error', refuse)
    socket.once('connect', () => {
      socket.off('error', refuse)
      socket.on('data', (chunk: Buffer) => copyTo(receiver, chunk))
      follow(socket, receiver)
      resolve(new SocketLink(socket))
    })
  })
}
