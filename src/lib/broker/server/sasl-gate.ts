import { type SaslLogin, type SaslServer, type SaslStep, wordsTold } from '../../auth/sasl-server.ts'
import { Reader } from '../../bytes/reader.ts'
import { AuthError, DataError, type KtoolError } from '../../errors.ts'
import { apiVersions } from '../../protocol/apis/api-versions.ts'
import { saslAuthenticate } from '../../protocol/apis/sasl-authenticate.ts'
import { saslHandshake } from '../../protocol/apis/sasl-handshake.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { errorAnswer } from '../faults/error-answer.ts'
import type { StructValue } from '../faults/message-roles.ts'
import type { ListenerSasl } from '../security/listener-security.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { Request } from './request.ts'
import { type RequestHead, readHead } from './request-head.ts'
import { asKtoolError, writeResponse, writeUnknownApiVersion } from './respond.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { ServerParts } from './server-parts.ts'

export type Write = (writer: ResponseWriter) => void

/** What a message of a client comes to. */
export interface GateStep {
  readonly write?: Write
  /** The client is not let in, once it has been told. */
  readonly refusal?: KtoolError
  /** It has to wait for that: it may be guessing passwords. What Kafka does not understand it cuts off at once. */
  readonly isDelayed?: boolean
  readonly session?: Session
}

/** A client that has proved who it is. */
export interface Session {
  readonly mechanism: string
  readonly principal: string
  /** By the clock that only goes forward; nothing where it lasts for ever. */
  readonly endsMs: number | undefined
}

export interface GateFacts {
  readonly parts: ServerParts
  readonly identity: ConnectionIdentity
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

  take(frame: Buffer): GateStep {
    if (this.#refusal !== undefined) return { refusal: this.#refusal, isDelayed: true }
    try {
      if (this.#server === undefined) return this.#handshake(frame)
      return this.#hasFrames ? this.#framed(frame, this.#server) : this.#raw(frame, this.#server)
    } catch (cause) {
      return { refusal: asKtoolError(cause), isDelayed: wordsTold(cause) !== undefined }
    }
  }

  #handshake(frame: Buffer): GateStep {
    const { head, reader } = this.#read(frame)
    const { api } = head.handler
    if (api.key === apiVersions.key && this.#mayAskVersions) return this.#versions(head, reader)
    if (api.key !== saslHandshake.key) throw unexpected(head, 'handshake')
    const { mechanism } = saslHandshake.request.read(reader, head.version)
    const { sasl, before, parts } = this.#facts
    this.#hasFrames = head.version >= 1
    const isKnown = sasl.mechanisms.includes(mechanism)
    const errorCode = isKnown ? errorCodes.NONE : errorCodes.UNSUPPORTED_SASL_MECHANISM
    const write = answering(head, { errorCode, mechanisms: [...sasl.mechanisms] })
    if (!isKnown) {
      // Kafka looks at a login anew while it takes requests, where a failure ends the connection without a word.
      if (before !== undefined) throw unknownMechanism(mechanism)
      return { write, refusal: unknownMechanism(mechanism), isDelayed: true }
    }
    if (before !== undefined && before.mechanism !== mechanism)
      this.#refusal = otherMechanism(mechanism, before.mechanism)
    else this.#server = sasl.begin(mechanism, parts.node())
    return { write }
  }

  #versions(head: RequestHead, reader: Reader): GateStep {
    if (!head.isKnownVersion) return { write: (writer) => writeUnknownApiVersion(writer, head) }
    const { parts, identity } = this.#facts
    const sizeBytes = reader.bytes.length - reader.position
    const facts = { head, sizeBytes, connection: identity, node: parts.node() }
    const request = new Request(facts, parts.answerRooms)
    const answer = head.handler.handle(head.handler.api.request.read(reader, head.version), request)
    const isRefused =
      typeof answer === 'object' && answer !== null && 'errorCode' in answer && answer.errorCode !== 0
    this.#mayAskVersions = isRefused
    return { write: answering(head, answer) }
  }

  #framed(frame: Buffer, server: SaslServer): GateStep {
    const { head, reader } = this.#read(frame)
    if (head.handler.api.key !== saslAuthenticate.key) return strange(head, reader)
    const { authBytes } = saslAuthenticate.request.read(reader, head.version)
    try {
      const { answer, login } = server.next(Buffer.from(authBytes))
      const session = login === undefined ? undefined : this.#session(server, login)
      const sessionLifetimeMs = BigInt(session?.lifetimeMs ?? 0)
      const write = answering(head, {
        ...{ errorMessage: '', authBytes: answer },
        ...(head.version >= 1 ? { sessionLifetimeMs } : {}),
      })
      return { write, ...session }
    } catch (cause) {
      const refusal = asKtoolError(cause)
      if (!(refusal instanceof AuthError)) throw refusal
      const errorMessage = wordsTold(cause) ?? this.#vague(server)
      const errorCode = errorCodes.SASL_AUTHENTICATION_FAILED
      const write = answering(head, { errorCode, errorMessage, authBytes: Buffer.of() })
      return { write, refusal, isDelayed: true }
    }
  }

  /** As in Kafka 0.10: a length, and the bytes of the mechanism. Who is refused is cut off. */
  #raw(frame: Buffer, server: SaslServer): GateStep {
    const { answer, login }: SaslStep = server.next(Buffer.from(frame))
    const write: Write = (writer) => {
      writer.int32(answer.length)
      writer.raw(answer)
    }
    return { write, ...(login === undefined ? {} : this.#session(server, login)) }
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

  #read(frame: Buffer): { head: RequestHead; reader: Reader } {
    if (frame.length < 4) throw new DataError('impossible-length', `a request of ${frame.length} bytes`)
    const version = frame.readInt16BE(2)
    const handler = this.#facts.parts.dispatch.find(frame.readInt16BE(0), version)
    const reader = new Reader(frame)
    return { head: readHead(reader, handler, version), reader }
  }
}

function answering(head: RequestHead, answer: unknown): Write {
  return (writer) => writeResponse(writer, head, answer)
}

/** Once messages of the mechanism are awaited Kafka answers whatever else it is asked, in the place that has for errors. */
function strange(head: RequestHead, reader: Reader): GateStep {
  const { handler, version } = head
  const request = handler.api.request.read(reader, version) as StructValue
  const refused = errorAnswer({
    ...{ api: handler.api, version, request, error: 'ILLEGAL_SASL_STATE' as const, isOfItems: false },
    ...{ chosen: () => true, topicName: () => undefined },
    words: `Unexpected Kafka request of type ${constantName(handler.api.name)} during SASL authentication.`,
  })
  const answer = refused?.answer ?? {}
  return { write: answering(head, answer), refusal: unexpected(head, 'authentication'), isDelayed: true }
}

/** As Java writes it: DESCRIBE_CLUSTER. */
function constantName(apiName: string): string {
  return apiName.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
}

function unexpected({ handler }: RequestHead, during: string): AuthError {
  return new AuthError('unexpected-request', `it asks for ${handler.api.name} during the SASL ${during}`)
}

function unknownMechanism(mechanism: string): AuthError {
  return new AuthError('unknown-mechanism', `it wants to log in by ${JSON.stringify(mechanism.slice(0, 40))}`)
}

function otherMechanism(mechanism: string, before: string): AuthError {
  return new AuthError('other-mechanism', `it logs in anew by ${mechanism}, and did by ${before} before`)
}

function otherPrincipal({ principal }: Session, name: string): AuthError {
  const [type, ...rest] = principal.split(':')
  return new AuthError(
    'sasl-authentication-failed',
    `Cannot change principals during re-authentication from ${type}.${rest.join(':')}: User.${name}`,
  )
}
