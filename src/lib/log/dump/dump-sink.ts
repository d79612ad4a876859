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
  damage(input: DumpInput, damage: DamageFound): void
  entry(input: DumpInput, entry: Entry): void
  /** There is enough to be written. */
  readonly isFull: boolean
}

/** `records` stands for a batch that is what was written, but cannot be read. */
export type DamageFound = Pick<Damage, 'position' | 'sizeBytes' | 'finding'> & {
  readonly reason: Damage['reason'] | 'records'
}
