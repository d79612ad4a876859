import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'

/** Records in a row that are in the same state. */
export interface ShareBatch {
  readonly firstOffset: Int64
  readonly lastOffset: Int64
  readonly deliveryState: number
  readonly deliveryCount: number
}

/** Acknowledged, and archived: records that nobody gets any more. */
const FINAL_STATES: ReadonlySet<number> = new Set([2, 4])

/** The newer state of a record counts; below the start offset there is none. In order. */
export function withBatches(
  older: readonly ShareBatch[],
  newer: readonly ShareBatch[],
  startOffset: Int64,
): ShareBatch[] {
  let batches = older
  for (const batch of newer) batches = [...batches.flatMap((each) => without(each, batch)), batch]
  return batches
    .filter(({ firstOffset, lastOffset }) => firstOffset <= lastOffset && lastOffset >= startOffset)
    .map((batch) => (batch.firstOffset < startOffset ? { ...batch, firstOffset: startOffset } : batch))
    .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
}

/** How many records from the start offset on are done with. */
export function doneCount(batches: readonly ShareBatch[]): number {
  return batches
    .filter(({ deliveryState }) => FINAL_STATES.has(deliveryState))
    .reduce((sum, { firstOffset, lastOffset }) => sum + Number(subtractInt64(lastOffset, firstOffset)) + 1, 0)
}

function without(batch: ShareBatch, other: ShareBatch): ShareBatch[] {
  if (batch.lastOffset < other.firstOffset || batch.firstOffset > other.lastOffset) return [batch]
  const before = { ...batch, lastOffset: addInt64(other.firstOffset, -1) }
  const after = { ...batch, firstOffset: addInt64(other.lastOffset, 1) }
  return [before, after].filter(({ firstOffset, lastOffset }) => firstOffset <= lastOffset)
}
