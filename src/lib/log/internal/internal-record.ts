/** Values as `JSON.parse` gives them; int64 beyond ±(2⁵³−1) as digits, bytes as base64. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A record of one of Kafka's own logs, read as what it is. */
export interface InternalRecord {
  /** Kafka's name of it, such as `OffsetCommit` or `TopicRecord`; null where this version knows none. */
  readonly type: string | null
  /** The number that tells records of one log apart; null where there is none. */
  readonly typeId: number | null
  /** Of the value's layout; null for a tombstone. */
  readonly version: number | null
  /** Null in the metadata logs, whose records have no keys. */
  readonly key: Json
  readonly value: Json
  /** Why it could not be read to its end. */
  readonly problem: string | null
  /** The fields of the value that hold secrets and are covered. */
  readonly covered: readonly string[]
  /** The value as it may be shown: its own bytes, or a copy with blanks in place of secrets. */
  readonly shownValue: Buffer | null
}

export interface DecodeOptions {
  /** Show secrets as they are. */
  readonly reveal: boolean
}

/** What stands in place of a secret. */
export const COVER = '(covered)'
