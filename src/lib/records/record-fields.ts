import type { Int64 } from '../bytes/int64.ts'

/** A record to be written. */
export interface RecordFields {
  /** The one after the last record's, where none is given. */
  readonly offset?: Int64
  readonly timestamp: Int64
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly HeaderFields[]
}

export interface HeaderFields {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}
