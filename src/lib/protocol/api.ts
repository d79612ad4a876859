import type { Decoded, Encodable, Fields } from '../schema/field.ts'
import { isWithin, type VersionRange } from '../schema/kind.ts'
import { Message } from '../schema/message.ts'
import { parseVersions } from '../schema/versions.ts'

export type Listener = 'broker' | 'controller' | 'zkBroker'

interface ApiDefinition<Q extends Fields, S extends Fields> {
  readonly key: number
  readonly name: string
  /** Every version that any Kafka has spoken, dropped and unstable ones included. */
  readonly versions: string
  /** Versions that Kafka 4 no longer serves but older brokers need. */
  readonly dropped?: string
  /** A version that Kafka knows and does not serve unless told to. */
  readonly unstable?: number
  /** What Kafka's ApiVersions says where that is not what it serves. */
  readonly advertised?: string
  /** First flexible version (KIP-482); left out where there is none. */
  readonly flexible?: number
  /** Who serves it in Kafka. */
  readonly listeners: readonly Listener[]
  /** Header versions that do not follow from flexibility. */
  readonly headers?: HeaderExceptions
  readonly request: Q
  readonly response: S
}

interface HeaderExceptions {
  readonly request?: (version: number) => number | undefined
  readonly response?: (version: number) => number | undefined
}

/** What ApiVersions says of one API. */
export interface ApiVersionsRow {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

/** An API of Kafka: its request and response at all versions. */
export class Api<Q extends Fields = Fields, S extends Fields = Fields> {
  readonly key: number
  readonly name: string
  readonly versions: VersionRange
  readonly flexibleFrom: number
  readonly listeners: readonly Listener[]
  readonly unstable: number | undefined
  readonly request: Message<Q>
  readonly response: Message<S>
  readonly dropped: VersionRange | undefined
  readonly #advertised: VersionRange | undefined
  readonly #headers: HeaderExceptions

  constructor(definition: ApiDefinition<Q, S>) {
    this.key = definition.key
    this.name = definition.name
    this.versions = parseVersions(definition.versions)
    this.flexibleFrom = definition.flexible ?? Number.POSITIVE_INFINITY
    this.listeners = definition.listeners
    this.unstable = definition.unstable
    this.dropped = definition.dropped === undefined ? undefined : parseVersions(definition.dropped)
    this.#advertised = definition.advertised === undefined ? undefined : parseVersions(definition.advertised)
    this.#headers = definition.headers ?? {}
    const facts = { versions: this.versions, flexibleFrom: this.flexibleFrom }
    this.request = new Message({ ...facts, name: `${this.name} request` }, definition.request)
    this.response = new Message({ ...facts, name: `${this.name} response` }, definition.response)
  }

  isFlexible(version: number): boolean {
    return version >= this.flexibleFrom
  }

  isDropped(version: number): boolean {
    return this.dropped !== undefined && isWithin(this.dropped, version)
  }

  requestHeaderVersion(version: number): number {
    return this.#headers.request?.(version) ?? (this.isFlexible(version) ? 2 : 1)
  }

  responseHeaderVersion(version: number): number {
    return this.#headers.response?.(version) ?? (this.isFlexible(version) ? 1 : 0)
  }

  /** Versions that Kafka 4 serves; nothing for an API that it has dropped. */
  served(): VersionRange | undefined {
    const min = this.dropped === undefined ? this.versions.min : this.dropped.max + 1
    const max = this.unstable === undefined ? this.versions.max : this.unstable - 1
    return min > max ? undefined : { min, max }
  }

  /** The row of a broker that serves every stable version that Kafka serves. */
  apiVersionsRow(): ApiVersionsRow | undefined {
    const range = this.#advertised ?? this.served()
    return range && { apiKey: this.key, minVersion: range.min, maxVersion: range.max }
  }
}

export function api<Q extends Fields, S extends Fields>(definition: ApiDefinition<Q, S>): Api<Q, S> {
  return new Api(definition)
}

/** What a handler of this API is given. */
export type RequestOf<A> = A extends Api<infer Q, infer _S> ? Decoded<Q> : never
/** What it answers; what is left out is at its default. */
export type ResponseOf<A> = A extends Api<infer _Q, infer S> ? Encodable<Decoded<S>> : never
/** What a client asks; what is left out is at its default. */
export type QuestionOf<A> = A extends Api<infer Q, infer _S> ? Encodable<Decoded<Q>> : never
/** What it is told. */
export type AnswerOf<A> = A extends Api<infer _Q, infer S> ? Decoded<S> : never
