import { type SaslLogin, type SaslServer, type SaslStep, wordsTold } from '../../auth/sasl-server.ts'
import { AuthError, BugError, type KtoolError } from '../../errors.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { saslAuthenticate } from '../../protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { errorAnswer } from '../faults/error-answer.ts'
import type { StructValue } from '../faults/message-roles.ts'
import type { ListenerSasl } from '../security/listener-security.ts'
import { otherMechanism, otherPrincipal, unexpected, unknownMechanism } from './gate-refusals.ts'
import type { Request } from './request.ts'
import type { RequestHead } from './request-head.ts'
import { asKtoolError } from './respond.ts'
import type { ServerParts } from './server-parts.ts'
import type { Session } from './session.ts'

type AuthenticateRequest = RequestOf<typeof saslAuthenticate>

/** What a message of a client comes to. */
export interface GateStep<Answer> {
  /** Nothing where it is cut off without a word. */
  readonly answer?: Answer
  /** The client is not let in, once it has been told. */
  readonly refusal?: KtoolError
  /** It has to wait for that: it may be guessing passwords. What Kafka does not understand it cuts off at once. */
  readonly isDelayed?: boolean
  readonly session?: Session
}

export interface GateFacts {
  readonly parts: ServerParts
  readonly sasl: ListenerSasl
  /** Whom the client was before, where it proves itself anew (KIP-368). */
  readonly before: Session | undefined
}

/** The exchange before a client may ask anything: ApiVersions, SaslHandshake, and the messages of a mechanism. */
export class SaslGate {
  readonly #facts: GateFacts
  /** At first the client may ask once what it may ask. */
  #mayAskVersions: boolean
  #server: SaslServer | undefined
  /** Since version 1 of the handshake messages come in requests; before that as they are. */
  #hasFrames = false
  /** In place of what it says next. */
  #refusal: AuthError | undefined

  constructor(facts: GateFacts) {
    this.#facts = facts
    this.#mayAskVersions = facts.before === undefined
  }

  get claimed(): string | undefined {
    return this.#server?.claimed
  }

  /** In place of what it says next. */
  get refusal(): AuthError | undefined {
    return this.#refusal
  }

  /** Messages of the mechanism come as they are, as in Kafka 0.10: a length, and its bytes. */
  get takesBytes(): boolean {
    return this.#server !== undefined && !this.#hasFrames
  }

  /** Throws for what is not awaited now, and is not looked at. */
  mustAwait(head: RequestHead): void {
    const { key } = head.handler.api
    const isAwaited =
      this.#server !== undefined ||
      key === saslHandshake.key ||
      (key === apiVersions.key && this.#mayAskVersions)
    if (!isAwaited) throw unexpected(head, 'handshake')
  }

  answer(body: unknown, request: Request): GateStep<object> {
    const { key } = request.head.handler.api
    return attempted(() => {
      if (this.#server === undefined)
        return key === apiVersions.key ? this.#versions(body, request) : this.#handshake(body, request)
      return key === saslAuthenticate.key
        ? this.#authenticate(body as AuthenticateRequest, request, this.#server)
        : strange(body as StructValue, request.head)
    })
  }

  /** Whoever is refused is cut off. */
  bytes(message: Buffer): GateStep<Buffer> {
    return attempted(() => {
      const { answer, login }: SaslStep = this.#knownServer.next(message)
      return { answer, ...(login === undefined ? {} : this.#session(this.#knownServer, login)) }
    })
  }

  /** What Kafka says beside an error, where something else has its answer fail. */
  beside({ head }: Request, errorCode: number): object {
    const { key } = head.handler.api
    if (key === saslHandshake.key) return { mechanisms: [...this.#facts.sasl.mechanisms] }
    const isVague = key === saslAuthenticate.key && errorCode === errorCodes.SASL_AUTHENTICATION_FAILED
    return isVague && this.#server !== undefined ? { errorMessage: this.#vague(this.#server) } : {}
  }

  get #knownServer(): SaslServer {
    if (this.#server === undefined) throw new BugError('no-handshake', 'a login before its handshake')
    return this.#server
  }

  #handshake(body: unknown, { version }: Request): GateStep<object> {
    const { mechanism } = body as RequestOf<typeof saslHandshake>
    const { sasl, before, parts } = this.#facts
    this.#hasFrames = version >= 1
    const isKnown = sasl.mechanisms.includes(mechanism)
    const errorCode = isKnown ? errorCodes.NONE : errorCodes.UNSUPPORTED_SASL_MECHANISM
    const answer = { errorCode, mechanisms: [...sasl.mechanisms] }
    if (!isKnown) {
      // Kafka looks at a login anew while it takes requests, where a failure ends the connection without a word.
      if (before !== undefined) throw unknownMechanism(mechanism)
      return { answer, refusal: unknownMechanism(mechanism), isDelayed: true }
    }
    if (before !== undefined && before.mechanism !== mechanism)
      this.#refusal = otherMechanism(mechanism, before.mechanism)
    else this.#server = sasl.begin(mechanism, parts.node())
    return { answer }
  }

  #versions(body: unknown, request: Request): GateStep<object> {
    const answer = request.head.handler.handle(body, request) as ResponseOf<typeof apiVersions>
    this.#mayAskVersions = answer.errorCode !== undefined && answer.errorCode !== errorCodes.NONE
    return { answer }
  }

  #authenticate(
    { authBytes }: AuthenticateRequest,
    { version }: Request,
    server: SaslServer,
  ): GateStep<object> {
    try {
      const { answer: told, login } = server.next(Buffer.from(authBytes))
      const session = login === undefined ? undefined : this.#session(server, login)
      const sessionLifetimeMs = BigInt(session?.lifetimeMs ?? 0)
      const answer = {
        ...{ errorMessage: '', authBytes: told },
        ...(version >= 1 ? { sessionLifetimeMs } : {}),
      }
      return { answer, ...session }
    } catch (cause) {
      const refusal = asKtoolError(cause)
      if (!(refusal instanceof AuthError)) throw refusal
      const errorMessage = wordsTold(cause) ?? this.#vague(server)
      const errorCode = errorCodes.SASL_AUTHENTICATION_FAILED
      return { answer: { errorCode, errorMessage, authBytes: Buffer.of() }, refusal, isDelayed: true }
    }
  }

  #session({ mechanism }: SaslServer, { name, expiresMs }: SaslLogin) {
    const { parts, sasl, before } = this.#facts
    const principal = `User:${name}`
    if (before !== undefined && before.principal !== principal) throw otherPrincipal(before, name)
    const { clock } = parts
    const maxMs = sasl.sessionMs(mechanism)
    const limits = [
      ...(maxMs > 0 ? [maxMs] : []),
      ...(expiresMs === undefined ? [] : [expiresMs - clock.nowMs()]),
    ]
    const lifetimeMs = limits.length === 0 ? undefined : Math.max(0, Math.trunc(Math.min(...limits)))
    const endsMs = lifetimeMs === undefined ? undefined : clock.monotonicMs() + lifetimeMs
    return { lifetimeMs, session: { mechanism, principal, endsMs } }
  }

  #vague({ mechanism }: SaslServer): string {
    const what = this.#facts.before === undefined ? 'authentication' : 're-authentication'
    return `Authentication failed during ${what} due to invalid credentials with SASL mechanism ${mechanism}`
  }
}

function attempted<Answer>(step: () => GateStep<Answer>): GateStep<Answer> {
  try {
    return step()
  } catch (cause) {
    return { refusal: asKtoolError(cause), isDelayed: wordsTold(cause) !== undefined }
  }
}

/** Once messages of the mechanism are awaited Kafka answers whatever else it is asked, in the place that has for errors. */
function strange(request: StructValue, head: RequestHead): GateStep<object> {
  const { handler, version } = head
  const refused = errorAnswer({
    ...{ api: handler.api, version, request, error: 'ILLEGAL_SASL_STATE' as const, isOfItems: false },
    ...{ chosen: () => true, topicName: () => undefined },
    words: `Unexpected Kafka request of type ${constantName(handler.api.name)} during SASL authentication.`,
  })
  return { answer: refused?.answer ?? {}, refusal: unexpected(head, 'authentication'), isDelayed: true }
}

/** As Java writes it: DESCRIBE_CLUSTER. */
function constantName(apiName: string): string {
  return apiName.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
}
