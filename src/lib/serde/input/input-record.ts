import type { Int64 } from '../../bytes/int64.ts'
import type { KtoolError } from '../../errors.ts'

/** A record as somebody typed it. Its bytes are good until the reader is given more of them. */
export interface InputRecord {
  readonly kind: 'record'
  /** Where it begins in its input, from 1. */
  readonly line: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly InputHeader[]
  /** Null leaves it to the partitioner. */
  readonly partition: number | null
  /** Null is now. */
  readonly timestamp: Int64 | null
}

export interface InputHeader {
  readonly key: Buffer
  readonly value: Buffer | null
}

/** A line that is no record; those behind it are read all the same. */
export interface InputFault {
  readonly kind: 'fault'
  readonly line: number
  readonly error: KtoolError
}

/** Makes records of bytes that come piece by piece. */
export interface RecordReader {
  read(bytes: Buffer): readonly (InputRecord | InputFault)[]
  /** What is left when no more bytes come. */
  end(): readonly (InputRecord | InputFault)[]
}
