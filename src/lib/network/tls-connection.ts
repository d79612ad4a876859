import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect, type TLSSocket } from 'node:tls'
import type { Address, Link, Receiver, TlsTrust, Way } from '../ports/network.ts'
import { SocketLink } from './socket-link.ts'
import { tlsMisconfigured, tlsRefusal } from './tls-errors.ts'

type Wish = Way & { readonly tls: TlsTrust }

/** A link that nobody on the way reads, to somebody who has proved who they are. */
export function connectByTls(to: Address, receiver: Receiver, { tls, signal }: Wish): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(to, receiver, tls, reject)
    if (socket === undefined) return
    const give = () => socket.destroy(new DOMException('given up', 'AbortError'))
    if (signal?.aborted) give()
    signal?.addEventListener('abort', give, { once: true })
    let failure: Error | undefined
    let stands = false
    socket.on('drain', () => receiver.drained())
    socket.on('error', (cause) => {
      failure = tlsRefusal(cause, to, tls)
      if (!stands) reject(failure)
    })
    socket.on('close', () => {
      signal?.removeEventListener('abort', give)
      if (stands) receiver.closed(failure)
    })
    socket.once('secureConnect', () => {
      stands = true
      resolve(new SocketLink(socket))
    })
  })
}

/** What TLS itself refuses to work with, such as a key that does not fit its certificate, is thrown at once. */
function openSocket(
  to: Address,
  receiver: Receiver,
  tls: TlsTrust,
  refuse: (error: Error) => void,
): TLSSocket | undefined {
  try {
    const socket = connect({ ...to, ...optionsOf(to, tls), ...readingInto(receiver) })
    socket.setNoDelay(true)
    return socket
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    refuse(tlsMisconfigured(cause))
    return undefined
  }
}

/** As for plain sockets: bytes go straight to where they are wanted. */
function readingInto(receiver: Receiver): object {
  return {
    onread: {
      buffer: () => receiver.room(),
      callback: (count: number) => {
        receiver.received(count)
        return true
      },
    },
  }
}

function optionsOf(to: Address, tls: TlsTrust): ConnectionOptions {
  const { authorities, identity, verifies, checksHost, leastVersion, mostVersion, ciphers } = tls
  return {
    minVersion: leastVersion,
    // Said in any case: else a variable of the environment could turn it off.
    rejectUnauthorized: verifies,
    checkServerIdentity: (_, certificate) =>
      checksHost ? checkServerIdentity(to.host, certificate) : undefined,
    // Names alone may be told to the other side (RFC 6066).
    ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
    ...(mostVersion === null ? {} : { maxVersion: mostVersion }),
    // Java believes any certificate that stands in a trust store, not roots alone.
    ...(authorities === null ? {} : { ca: [...authorities], allowPartialTrustChain: true }),
    ...(identity === null ? {} : { cert: identity.chain, key: identity.key }),
    ...(identity === null || identity.passphrase === null ? {} : { passphrase: identity.passphrase }),
    ...(ciphers === null ? {} : { ciphers }),
  }
}
