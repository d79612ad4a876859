import type { FieldFacts, Kind, VersionRange } from './kind.ts'

const ALWAYS: VersionRange = { min: 0, max: Number.POSITIVE_INFINITY }
const NEVER: VersionRange = { min: 1, max: 0 }

interface Changes<T> {
  readonly versions?: VersionRange
  readonly nullableVersions?: VersionRange
  readonly tag?: number
  readonly isIgnorable?: boolean
  readonly isNeverCompact?: boolean
  readonly aboutText?: string
  readonly ownDefault?: { readonly value: T }
}

/**
 * A field of a message: a kind, and the versions in which it exists, may be null, or is tagged.
 * Each modifier answers a new field, so `int32` itself can stand in any definition.
 */
export class Field<T> implements FieldFacts {
  readonly kind: Kind<T>
  readonly #changes: Changes<T>

  constructor(kind: Kind<T>, changes: Changes<T> = {}) {
    this.kind = kind
    this.#changes = changes
  }

  get versions(): VersionRange {
    return this.#changes.versions ?? ALWAYS
  }

  get nullableVersions(): VersionRange {
    return this.#changes.nullableVersions ?? NEVER
  }

  get tag(): number | undefined {
    return this.#changes.tag
  }

  get isIgnorable(): boolean {
    return this.#changes.isIgnorable ?? false
  }

  get isNeverCompact(): boolean {
    return this.#changes.isNeverCompact ?? false
  }

  get aboutText(): string | undefined {
    return this.#changes.aboutText
  }

  get hasOwnDefault(): boolean {
    return this.#changes.ownDefault !== undefined
  }

  get defaultValue(): T {
    const own = this.#changes.ownDefault
    return own === undefined ? this.kind.zero() : own.value
  }

  /** Exists from this version on. */
  since(min: number): Field<T> {
    return this.#with({ versions: { ...this.versions, min } })
  }

  /** Exists up to and including this version. */
  until(max: number): Field<T> {
    return this.#with({ versions: { ...this.versions, max } })
  }

  /** May be null from `min` up to `max`; the definition's other versions refuse null. */
  nullable(min = 0, max = Number.POSITIVE_INFINITY): Field<T | null> {
    return (this as Field<T | null>).#with({ nullableVersions: { min, max } })
  }

  default<D extends T>(value: D): Field<T> {
    return this.#with({ ownDefault: { value } })
  }

  /** May be dropped without a word when written into a version that lacks it. */
  ignorable(): Field<T> {
    return this.#with({ isIgnorable: true })
  }

  /** Lies among the tagged fields, and is left out there while it has its default. */
  tagged(tag: number): Field<T> {
    return this.#with({ tag })
  }

  /** Keeps its old length prefix in flexible versions; only the client id of request headers does. */
  neverCompact(): Field<T> {
    return this.#with({ isNeverCompact: true })
  }

  about(text: string): Field<T> {
    return this.#with({ aboutText: text })
  }

  #with(changes: Changes<T>): Field<T> {
    return new Field(this.kind, { ...this.#changes, ...changes })
  }
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** A tagged field that the definition does not know; kept, so that it survives a decode and encode. */
export interface UnknownTag {
  readonly tag: number
  readonly data: Buffer
}

interface KeepsUnknownTags {
  unknownTags?: UnknownTag[]
}

type TypeOf<F> = F extends Field<infer T> ? T : never

/** What decoding yields: every field there, absent ones at their default. */
export type Decoded<F extends Fields> = { -readonly [K in keyof F]: TypeOf<F[K]> } & KeepsUnknownTags

/** What encoding takes: fields may be left out, down to the leaves. */
export type Encodable<T> = T extends bigint | Buffer
  ? T
  : T extends (infer E)[]
    ? readonly Encodable<E>[]
    : T extends object
      ? { readonly [K in keyof T]?: Encodable<T[K]> }
      : T
