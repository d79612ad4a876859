import type { SerdeFormat } from '../formats.ts'
import type { InputHeader } from './input-record.ts'

export const inputKinds = ['lines', 'jsonl', 'csv', 'raw'] as const
export type InputKind = (typeof inputKinds)[number]

/** What the flags said of the input. */
export interface InputForm {
  readonly keyFormat: SerdeFormat
  readonly valueFormat: SerdeFormat
  /** Of every record that has none of its own. */
  readonly key: Buffer | null
  /** What stands between key and value in a line; null: a line is a value. */
  readonly keySeparator: Buffer | null
  /** The text of a key or a value that is not there. */
  readonly nullText: Buffer | null
  /** Behind those that a record has itself. */
  readonly headers: readonly InputHeader[]
  readonly keepsPartition: boolean
  readonly keepsTimestamp: boolean
  /** Lines end with CR LF. */
  readonly hasCarriageReturns: boolean
  /** Nothing that is longer is read into memory. */
  readonly maxRecordBytes: number
}

export const NO_HEADERS: readonly InputHeader[] = []
