import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'

/** Which records are wanted: from each first one on, up to each second one and without it. */
export interface DumpRange {
  readonly fromOffset?: Int64 | undefined
  readonly toOffset?: Int64 | undefined
  readonly fromTime?: number | undefined
  readonly toTime?: number | undefined
}

/** All of a batch, perhaps some of its records, or none. */
export type Overlap = 'whole' | 'part' | 'none'

/** How much of a batch is in the range, as far as its header tells. */
export function overlapOf(batch: RecordBatch, range: DumpRange): Overlap {
  const { fromOffset, toOffset, fromTime, toTime } = range
  const { baseOffset, lastOffset } = batch
  if (fromOffset !== undefined && lastOffset < fromOffset) return 'none'
  if (toOffset !== undefined && baseOffset !== null && baseOffset >= toOffset) return 'none'
  if (fromTime !== undefined && batch.maxTimestamp < fromTime) return 'none'
  // No header tells the earliest time: the first record's need not be it.
  if (fromTime !== undefined || toTime !== undefined) return 'part'
  if (fromOffset === undefined && toOffset === undefined) return 'whole'
  const isWhole =
    baseOffset !== null &&
    (fromOffset === undefined || baseOffset >= fromOffset) &&
    (toOffset === undefined || lastOffset < toOffset)
  return isWhole ? 'whole' : 'part'
}

/** A batch that keeps offsets without records is in a range of offsets, and in none of times. */
export function needsRecord({ fromTime, toTime }: DumpRange): boolean {
  return fromTime !== undefined || toTime !== undefined
}

export function isInRange(cursor: RecordCursor, range: DumpRange): boolean {
  const { fromOffset, toOffset, fromTime, toTime } = range
  if (fromOffset !== undefined && cursor.offset < fromOffset) return false
  if (toOffset !== undefined && cursor.offset >= toOffset) return false
  if (fromTime !== undefined && cursor.timestamp < fromTime) return false
  return toTime === undefined || cursor.timestamp < toTime
}
