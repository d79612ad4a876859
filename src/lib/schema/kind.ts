import type { Reader } from '../bytes/reader.ts'
import type { Writer } from '../bytes/writer.ts'
import type { Trace } from './trace.ts'

/** Values as `JSON.parse` gives them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A source of numbers in [0, 1), for random values. */
export type Draw = () => number

/** Where on the timeline of a message a kind stands: its layout depends on nothing else. */
export interface At {
  readonly version: number
  readonly flexible: boolean
  readonly nullable: boolean
  /** Among the tagged fields, where a nullable struct has a presence byte of its own. */
  readonly tagged: boolean
}

/** How values of one kind look on the wire at one version, in JSON, and in a trace. */
export interface Codec<T> {
  /** No encoding is shorter: what an array may trust before it believes its count. */
  readonly minSizeBytes: number
  read(reader: Reader): T
  write(writer: Writer, value: T): void
  trace(reader: Reader, trace: Trace, path: string): T
  toJson(value: T): Json
  fromJson(json: Json, path: string): T
  random(draw: Draw): T
}

/**
 * A kind of value: int32, string, array of structs … Each answers for itself;
 * nothing outside ever asks for a kind by name to decide what to do.
 */
export interface Kind<T> {
  /** As Kafka's schemas write it: `int32`, `[]string`. */
  readonly name: string
  /** Set on kinds that hold named fields, for documentation. */
  readonly fields?: Readonly<Record<string, FieldFacts>>
  codec(at: At): Codec<T>
  /** What an absent field is: 0, '', an empty array, a struct of zeros. */
  zero(): T
  equals(a: T, b: T): boolean
}

export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** What a definition says of a field, apart from the type of its values. */
export interface FieldFacts {
  readonly kind: Kind<unknown>
  readonly versions: VersionRange
  readonly nullableVersions: VersionRange
  readonly tag: number | undefined
  readonly isIgnorable: boolean
  readonly isNeverCompact: boolean
  readonly aboutText: string | undefined
  /** What absence means, where that is not the zero of its kind. */
  readonly hasOwnDefault: boolean
  readonly defaultValue: unknown
}

export function isWithin(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max
}
