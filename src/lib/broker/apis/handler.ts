import { BugError } from '../../errors.ts'
import type { Api, ApiVersionsRow, RequestOf, ResponseOf } from '../../protocol/api.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { Node } from '../node.ts'
import type { Asker } from '../quotas/rate-quota.ts'

/** Who asks, and how. */
export interface RequestContext {
  readonly version: number
  readonly apiName: string
  readonly clientId: string | null
  readonly connection: ConnectionFacts
  /** Whose quotas are spent. */
  readonly asker: Asker
  /** Of the request without its header: what a producer's quota counts. */
  readonly sizeBytes: number
  readonly node: Node
  /** An error that is to be told of a partition whose records are shared, in place of what is there. */
  readonly faultOf?: ((place: { topic: string; partition: number }) => ErrorName | undefined) | undefined
  /** What an answer may take of memory, however much its client would: others wait for theirs to be read. */
  readonly fairBytes: number
  /** Room for large parts of the answer, such as records; it is taken back once the answer has left. */
  borrow(sizeBytes: number): Buffer
  /** A quota is exceeded: the answer says so at once, and the connection's next request waits so long (KIP-219). */
  holdBack(durationMs: number): void
  /** How long the quota of time holds it back for what was done so far, which is counted by that. */
  overtimeMs(): number
}

export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'

export interface ConnectionFacts {
  readonly id: number
  readonly peerHost: string
  /** Of the listener it came by, such as PLAINTEXT. */
  readonly listenerName: string
  readonly securityProtocol: SecurityProtocol
  /** Whom the client has proved to be, as Kafka writes it: `User:alice`, or `User:ANONYMOUS`. */
  readonly principal: string
  /** What the client said in ApiVersions, for logs. */
  softwareName: string
  softwareVersion: string
  /** Aborted once the link is gone: whoever waits on its behalf may stop. */
  readonly gone: AbortSignal
}

/** No answer at all: Produce with acks=0. */
export const noResponse = Symbol('no response')
/** Kafka loses such a request: its connection waits for an answer that never comes, and so does all that is sent behind it. */
export const neverAnswered = Symbol('never answered')
/** Kafka's answer to what cannot be answered otherwise. */
export const closeConnection = Symbol('close the connection')

export type Reply<S> = S | typeof noResponse | typeof neverAnswered | typeof closeConnection

/** One API as this broker serves it. */
export interface Handler<Q = unknown, S = unknown> {
  readonly api: Api
  /** What ApiVersions says of it. */
  readonly advertised: ApiVersionsRow
  /** Advertised is not served: Produce shows versions 0 to 2 to old clients, and refuses them. */
  readonly served: { readonly min: number; readonly max: number }
  /**
   * The bytes in the request lie in the buffer that the socket fills, and are gone when the call returns. For
   * others they are copied first.
   */
  readonly isInPlace: boolean
  /** What brokers ask each other is not held back. */
  readonly isExempt: boolean
  /** An answer that is there at once is a value; a promise holds up the connection's next request, as in Kafka. */
  handle(request: Q, context: RequestContext): Reply<S> | Promise<Reply<S>>
}

interface HandlerOptions {
  readonly isInPlace?: boolean
  readonly isExempt?: boolean
}

export function handler<A extends Pick<Api, 'key' | 'name' | 'served' | 'apiVersionsRow'>>(
  api: A,
  handle: (
    request: RequestOf<A>,
    context: RequestContext,
  ) => Reply<ResponseOf<A>> | Promise<Reply<ResponseOf<A>>>,
  options: HandlerOptions = {},
): Handler {
  const advertised = api.apiVersionsRow()
  const served = api.served()
  if (advertised === undefined || served === undefined)
    throw new BugError('api-dropped', `Kafka 4 does not serve ${api.name}`)
  return {
    api: api as unknown as Api,
    advertised,
    served,
    isInPlace: options.isInPlace ?? false,
    isExempt: options.isExempt ?? false,
    handle: handle as Handler['handle'],
  }
}
