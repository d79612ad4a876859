import { AuthError, type KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts'
import type { ListenerSecurity } from '../security/listener-security.ts'
import type { Unproven } from './anteroom.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { type GateStep, SaslGate, type Session, type Write } from './sasl-gate.ts'
import type { ServerParts } from './server-parts.ts'

/** Nobody who has not said who they are needs more. */
const LARGEST_BYTES = 64 * 1024
/** More often than that nobody has to prove who they are. */
const SHORTEST_SESSION_MS = 1000

/** What an admission does to its connection. */
export interface Entrance {
  answer(write: Write): void
  /** Nothing more is served, for now. */
  hold(): void
  refuse(reason: KtoolError, facts?: Record<string, unknown>): void
}

/** Whether a client may ask, on a listener where not everybody may. */
export class Admission implements Unproven {
  readonly #parts: ServerParts
  readonly #identity: ConnectionIdentity
  readonly #security: ListenerSecurity
  readonly #entrance: Entrance
  /** There until the client has logged in, and while it does so anew. */
  #gate: SaslGate | undefined
  #session: Session | undefined
  #renewedMs = Number.NEGATIVE_INFINITY
  #delay: Cancel | undefined

  constructor(
    parts: ServerParts,
    identity: ConnectionIdentity,
    security: ListenerSecurity,
    entrance: Entrance,
  ) {
    this.#parts = parts
    this.#identity = identity
    this.#security = security
    this.#entrance = entrance
    this.#gate = this.#newGate(undefined)
    parts.anteroom.enter(this)
  }

  /** What comes is a request, of any kind. */
  get isOpen(): boolean {
    return this.#gate === undefined
  }

  get largestBytes(): number {
    const { largestRequestBytes } = this.#parts
    return this.isOpen ? largestRequestBytes : Math.min(LARGEST_BYTES, largestRequestBytes)
  }

  /** TLS stands. */
  secured(certificate: Buffer | null): void {
    if (this.#security.sasl !== undefined) return
    try {
      this.#identity.principal = this.#security.principalOf(certificate)
      this.#parts.anteroom.leave(this)
    } catch (cause) {
      if (!(cause instanceof AuthError)) throw cause
      this.refuse(cause)
    }
  }

  /** Whether it was a part of proving who the client is; else it is a request like any other. */
  takes(frame: Buffer): boolean {
    const endsMs = this.#session?.endsMs
    if (this.#gate === undefined && endsMs !== undefined && this.#hasEnded(frame, endsMs)) return true
    if (this.#gate === undefined) return false
    this.#step(this.#gate, this.#gate.take(frame))
    return true
  }

  refuse(reason: KtoolError): void {
    const { listenerName: listener } = this.#identity
    const principal = this.#claimed()
    this.#entrance.refuse(reason, { listener, ...(principal === undefined ? {} : { principal }) })
  }

  close(): void {
    this.#delay?.()
    this.#parts.anteroom.leave(this)
  }

  /** Before its session ends a client may prove itself anew; after that it has to, and does so by a new connection. */
  #hasEnded(frame: Buffer, endsMs: number): boolean {
    const nowMs = this.#parts.clock.monotonicMs()
    const isHandshake = frame.length >= 2 && frame.readInt16BE(0) === saslHandshake.key
    if (isHandshake && nowMs - this.#renewedMs >= SHORTEST_SESSION_MS) {
      this.#renewedMs = nowMs
      this.#gate = this.#newGate(this.#session)
      this.#parts.anteroom.enter(this)
      return false
    }
    if (nowMs < endsMs) return false
    this.refuse(new AuthError('session-ended', 'it did not log in anew in time'))
    return true
  }

  #step(gate: SaslGate, { write, refusal, isDelayed, session }: GateStep): void {
    if (refusal !== undefined) {
      if (isDelayed) this.refuseLater(refusal, write)
      else this.refuse(refusal)
      return
    }
    if (session !== undefined && gate === this.#gate) this.#letIn(session)
    if (write !== undefined) this.#entrance.answer(write)
  }

  #letIn(session: Session): void {
    this.#gate = undefined
    this.#session = session
    this.#identity.principal = session.principal
    this.#parts.anteroom.leave(this)
  }

  /** Whoever guesses passwords is to wait for each. */
  refuseLater(refusal: KtoolError, write?: Write): void {
    this.#entrance.hold()
    this.#delay = this.#parts.clock.after(this.#security.sasl?.failureDelayMs ?? 0, () => {
      if (write !== undefined) this.#entrance.answer(write)
      this.refuse(refusal)
    })
  }

  #claimed(): string | undefined {
    const claimed = this.#gate?.claimed
    return claimed === undefined ? this.#session?.principal : `User:${claimed}`
  }

  #newGate(before: Session | undefined): SaslGate | undefined {
    const { sasl } = this.#security
    if (sasl === undefined) return undefined
    return new SaslGate({ parts: this.#parts, identity: this.#identity, sasl, before })
  }
}
