import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { InternalRecord } from '../internal/internal-record.ts'
import type { BatchFacts } from './batch-facts.ts'
import type { DumpInput } from './dump-input.ts'
import type { Entry } from './file-entries.ts'

/** Who shows what is found. A batch and a cursor are good for the length of the call. */
export interface DumpSink {
  batch(input: DumpInput, batch: RecordBatch, facts: BatchFacts): void
  /** The record that the cursor is at; `said` where it is one of Kafka's own that was decoded or covered. */
  record(input: DumpInput, batch: RecordBatch, cursor: RecordCursor, said: InternalRecord | undefined): void
  /** All records of the cursor that are left, none of which was decoded: faster than one by one, where it can be. */
  records?(input: DumpInput, batch: RecordBatch, cursor: RecordCursor): void
  damage(input: DumpInput, damage: DamageFound): void
  entry(input: DumpInput, entry: Entry): void
  /** Takes whole batches off this thread's hands, where somebody can. */
  readonly lane?: BatchLane | undefined
  /** What the lane gave out is to be written next. */
  written?(lines: Uint8Array): void
  /** There is enough to be written. */
  readonly isFull: boolean
}

/**
 * A way for sound batches of whose records all are wanted: many at once, with more than one thread. What comes out
 * is in the order in which it was put in.
 */
export interface BatchLane {
  readonly isEmpty: boolean
  /** Whether it can go this way at all. */
  isFor(batch: RecordBatch): boolean
  /** Where there is none, something has to be taken out before. */
  hasRoomFor(batch: RecordBatch): boolean
  put(input: DumpInput, batch: RecordBatch): void
  /** What is done by now, or all that was put in; `left` has batches to be shown in the usual way. */
  ready(isLast: boolean): AsyncIterable<{ readonly lines: Uint8Array; readonly left: readonly RecordBatch[] }>
}

/** `records` stands for a batch that is what was written, but cannot be read. */
export type DamageFound = Pick<Damage, 'position' | 'sizeBytes' | 'finding'> & {
  readonly reason: Damage['reason'] | 'records'
}
