import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { FailedError } from '../errors.ts'
import type { Link, Receiver, TlsServing } from '../ports/network.ts'
import { copyTo, SocketLink } from './socket-link.ts'
import { certificateRefusal, handshakeRefusal, laterRefusal, noTlsSpoken } from './tls-door-errors.ts'
import { tlsMisconfigured } from './tls-errors.ts'

/** Of TLS: a message of a handshake. */
const HANDSHAKE = 0x16
/** To who speaks something else: unexpected message, in the oldest words that all who know TLS understand. */
const UNEXPECTED = Buffer.from([0x15, 3, 3, 0, 2, 2, 10])

/**
 * Bad certificate. Node has no way to send it within TLS: as it is, it ends the handshake of the client with an error all the
 * same, where an end without a word would have it come again and again.
 */
const REFUSED = Buffer.from([0x15, 3, 3, 0, 2, 2, 42])

/** What Node does not document of a TLS socket. */
interface Verifying {
  readonly _handle?: { verifyError?(): (Error & { code?: string }) | null } | null
}

/** Makes links with TLS of sockets that were accepted. */
export class TlsDoor {
  #secured: Secured

  constructor(serving: TlsServing) {
    this.#secured = securedBy(serving)
  }

  enter(raw: Socket, accept: (link: Link) => Receiver): void {
    const link = new TlsLink(raw)
    new Doorway(raw, link, accept(link), this.#secured).waitForGreeting()
  }

  /** For those who enter once what is given has been called. */
  renewed(serving: TlsServing): () => void {
    const secured = securedBy(serving)
    return () => {
      this.#secured = secured
    }
  }
}

interface Secured {
  readonly serving: TlsServing
  readonly context: SecureContext
}

function securedBy(serving: TlsServing): Secured {
  return { serving, context: contextOf(serving) }
}

/** A link that shows who is at the other end. */
class TlsLink extends SocketLink {
  #certificate: Buffer | null = null

  peerCertificate(): Buffer | null {
    return this.#certificate
  }

  shown(certificate: Buffer | null): void {
    this.#certificate = certificate
  }
}

/**
 * One socket until it is a link. TLS takes tens of kilobytes for each, so that it begins only when the first bytes are
 * here, and only where they can be TLS.
 */
class Doorway {
  readonly #raw: Socket
  readonly #link: TlsLink
  readonly #receiver: Receiver
  readonly #serving: TlsServing
  readonly #context: SecureContext
  #failure: Error | undefined
  #isSecure = false

  constructor(raw: Socket, link: TlsLink, receiver: Receiver, { serving, context }: Secured) {
    this.#raw = raw
    this.#link = link
    this.#receiver = receiver
    this.#serving = serving
    this.#context = context
  }

  waitForGreeting(): void {
    const raw = this.#raw
    const closed = () => this.#receiver.closed(this.#failure)
    raw.on('error', () => {})
    raw.on('close', closed)
    raw.once('readable', () => {
      const first: Buffer | null = raw.read()
      if (first === null) raw.destroy()
      else if (first[0] !== HANDSHAKE) {
        this.#failure = noTlsSpoken(first)
        raw.end(UNEXPECTED, () => raw.destroy())
      } else {
        raw.off('close', closed)
        raw.unshift(first)
        this.#begin()
      }
    })
  }

  #begin(): void {
    const { clients } = this.#serving
    const socket = new TLSSocket(this.#raw, {
      isServer: true,
      secureContext: this.#context,
      requestCert: clients !== 'none',
      rejectUnauthorized: clients === 'required',
    })
    const failed = (cause: Error) => {
      this.#failure ??= this.#isSecure ? laterRefusal(cause) : handshakeRefusal(cause)
      // Node tells of what is wrong with TLS, and leaves the socket to whoever listens
      socket.destroy()
    }
    socket.on('error', failed)
    socket.on('_tlsError', failed)
    socket.on('drain', () => this.#receiver.drained())
    socket.on('close', () => {
      if (!this.#isSecure) this.#failure ??= handshakeRefusal(new Error('closed'))
      this.#receiver.closed(this.#failure)
    })
    socket.once('secure', () => this.#enter(socket))
    this.#link.moveTo(socket)
  }

  #enter(socket: TLSSocket): void {
    this.#failure = this.#objectionTo(socket)
    if (this.#failure !== undefined) {
      this.#raw.write(REFUSED, () => socket.destroy())
      return
    }
    this.#isSecure = true
    // Each handshake costs us more than the client, which could have as many as it likes; Kafka follows none either
    socket.disableRenegotiation()
    socket.setNoDelay(true)
    const receiver = this.#receiver
    receiver.secured?.()
    socket.on('data', (chunk: Buffer) => copyTo(receiver, chunk))
  }

  /** Against the certificate of the client. Where Node no longer tells, nobody is let in by one. */
  #objectionTo(socket: TLSSocket): Error | undefined {
    if (this.#serving.clients === 'none') return undefined
    const { raw } = socket.getPeerCertificate()
    if (raw === undefined)
      return this.#serving.clients === 'required' ? certificateRefusal('NO_CERTIFICATE') : undefined
    const handle = (socket as unknown as Verifying)._handle
    const problem = handle?.verifyError === undefined ? { code: 'NOT_TOLD' } : handle.verifyError()
    if (problem !== null && problem !== undefined) return certificateRefusal(problem.code ?? '', raw)
    this.#link.shown(raw)
    return undefined
  }
}

function contextOf(serving: TlsServing): SecureContext {
  const { identity, authorities, leastVersion, mostVersion, ciphers } = serving
  try {
    return createSecureContext({
      cert: identity.chain,
      key: identity.key,
      minVersion: leastVersion,
      // Without one OpenSSL fails clients with certificates that come again
      sessionIdContext: 'ktool',
      ...(identity.passphrase === null ? {} : { passphrase: identity.passphrase }),
      ...(mostVersion === null ? {} : { maxVersion: mostVersion }),
      ...(authorities === null ? {} : { ca: [...authorities], allowPartialTrustChain: true }),
      ...(ciphers === null ? {} : { ciphers }),
    })
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    const { code, message, hint } = tlsMisconfigured(cause)
    throw new FailedError(code, message, { hint, cause })
  }
}
