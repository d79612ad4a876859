import type { RecordBatch } from '../records/record-batch.ts'
import type { RecordCursor } from '../records/record-cursor.ts'

/** Where a record lies. */
export interface RecordPlace {
  readonly topic: string
  readonly partition: number
}

/** Who takes the records that are read, before the cursor goes on. */
export interface RecordSink {
  /** Whether so much has gathered that it should be passed on. */
  readonly isFull: boolean
  /** The record that the cursor is at. */
  add(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void
  /** All that are left in a batch. */
  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void
}

/** Says of the record that a cursor is at whether it is wanted. */
export type RecordTest = (cursor: RecordCursor) => boolean
