import type { Int64 } from '../../bytes/int64.ts'
import type { KtoolError } from '../../errors.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'

/** What became of the records of a batch. */
export type SentBatch = WrittenBatch | LostBatch

export interface WrittenBatch {
  readonly kind: 'written'
  readonly partition: number
  /** Of its records in the input, in the order of the batch. */
  readonly places: readonly number[]
  readonly batch: DefaultRecordBatch
  /** Before compression. */
  readonly sizeBytes: number
  /** Null where the broker did not say, since nobody asked or it had the batch before. */
  readonly baseOffset: Int64 | null
  /** Null unless the topic stamps records itself. */
  readonly logAppendTimeMs: Int64 | null
}

export interface LostBatch {
  readonly kind: 'lost'
  readonly partition: number
  readonly places: readonly number[]
  readonly error: KtoolError
}
