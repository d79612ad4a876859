import { AuthError, type KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import { pause } from '../../ports/pause.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts'
import { errorNameOf } from '../../protocol/error-codes.ts'
import { closeConnection, type Reply } from '../apis/handler.ts'
import { faultyReply } from '../faults/faulty-reply.ts'
import type { ListenerSecurity } from '../security/listener-security.ts'
import type { Unproven } from './anteroom.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { struckByRule } from './gate-refusals.ts'
import type { Request } from './request.ts'
import type { Gatekeeper } from './request-channel.ts'
import type { RequestHead } from './request-head.ts'
import { SaslGate } from './sasl-gate.ts'
import type { ServerParts } from './server-parts.ts'
import type { Session } from './session.ts'

/** Nobody who has not said who they are needs more. */
const LARGEST_BYTES = 64 * 1024
/** More often than that nobody has to prove who they are. */
const SHORTEST_SESSION_MS = 1000

type Answering = Reply<unknown> | Promise<Reply<unknown>>

/** What an admission does to its connection. */
export interface Entrance {
  /** It waits for us. */
  readonly isAwaited: boolean
  /** With a length in front. */
  answer(bytes: Buffer): void
  /** Nothing more is served, for now. */
  hold(): void
  refuse(reason: KtoolError, facts?: Record<string, unknown>): void
}

/** Whether a client may ask, on a listener where not everybody may. */
export class Admission implements Unproven, Gatekeeper {
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

  /** While it is not. */
  get largestBytes(): number {
    return Math.min(LARGEST_BYTES, this.#parts.largestRequestBytes)
  }

  get isAwaiting(): boolean {
    return this.#entrance.isAwaited
  }

  /** Who answers its requests, while it is not open. */
  get gatekeeper(): Gatekeeper | undefined {
    return this.isOpen ? undefined : this
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

  /** Whether it was a part of proving who the client is without being a request, or came too late. */
  takes(frame: Buffer): boolean {
    const endsMs = this.#session?.endsMs
    if (this.#gate === undefined && endsMs !== undefined && this.#hasEnded(frame, endsMs)) return true
    if (this.#gate === undefined) return false
    const { refusal, takesBytes } = this.#gate
    if (refusal !== undefined) this.refuseLater(refusal)
    else if (takesBytes) this.#takeBytes(this.#gate, frame)
    return refusal !== undefined || takesBytes
  }

  mustAwait(head: RequestHead): void {
    this.#gate?.mustAwait(head)
  }

  answer(body: unknown, request: Request): Answering {
    const gate = this.#gate
    if (gate === undefined) return closeConnection
    const { faults } = this.#parts
    const handle = (asked: unknown) => this.#step(gate, asked, request)
    return faults.isEmpty
      ? handle(body)
      : this.#struck(gate, request, faultyReply(faults, body, request, handle))
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

  #step(gate: SaslGate, body: unknown, request: Request): Answering {
    const { answer = closeConnection, refusal, isDelayed, session } = gate.answer(body, request)
    if (session !== undefined) this.#letIn(session)
    if (refusal === undefined) return answer
    request.farewell = () => this.refuse(refusal)
    return isDelayed ? this.#later(answer) : answer
  }

  /** Whom a rule refuses is sent away like others, in Kafka's words where it has some of its own. */
  #struck(gate: SaslGate, request: Request, reply: Answering): Answering {
    if (reply instanceof Promise) return reply.then((settled) => this.#struck(gate, request, settled))
    const { handler } = request.head
    if (typeof reply !== 'object' || request.farewell !== undefined || handler.api.key === apiVersions.key)
      return reply
    const { errorCode = 0 } = reply as { readonly errorCode?: number }
    if (errorCode === 0) return reply
    request.farewell = () => this.refuse(struckByRule(request.head, errorNameOf(errorCode)))
    return this.#later({ ...gate.beside(request, errorCode), ...reply })
  }

  #takeBytes(gate: SaslGate, frame: Buffer): void {
    const { answer, refusal, isDelayed, session } = gate.bytes(Buffer.from(frame))
    if (refusal !== undefined) {
      if (isDelayed) this.refuseLater(refusal)
      else this.refuse(refusal)
      return
    }
    if (session !== undefined) this.#letIn(session)
    if (answer !== undefined) this.#entrance.answer(answer)
  }

  #letIn(session: Session): void {
    this.#gate = undefined
    this.#session = session
    this.#identity.principal = session.principal
    this.#parts.anteroom.leave(this)
  }

  refuseLater(refusal: KtoolError): void {
    this.#entrance.hold()
    this.#delay = this.#parts.clock.after(this.#delayMs, () => this.refuse(refusal))
  }

  /** Whoever guesses passwords is to wait for each. */
  #later<Answer>(answer: Answer): Promise<Answer> {
    return pause(this.#parts.clock, this.#delayMs, this.#identity.gone).then(() => answer)
  }

  get #delayMs(): number {
    return this.#security.sasl?.failureDelayMs ?? 0
  }

  #claimed(): string | undefined {
    const claimed = this.#gate?.claimed
    return claimed === undefined ? this.#session?.principal : `User:${claimed}`
  }

  #newGate(before: Session | undefined): SaslGate | undefined {
    const { sasl } = this.#security
    if (sasl === undefined) return undefined
    return new SaslGate({ parts: this.#parts, sasl, before })
  }
}
