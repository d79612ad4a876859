import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'
import type { KnownBatch } from '../write/partition-log.ts'

/** So many batches a producer may have under way, and send once more. */
const MOST_BATCHES = 5
const SEQUENCES = 2 ** 31

/** The last batches of a producer in a partition, oldest first. */
export class BatchWindow {
  readonly batches: KnownBatch[]

  constructor(batches: KnownBatch[] = []) {
    this.batches = batches
  }

  /** A snapshot keeps the last batch only. */
  static of(entry: ProducerEntry): BatchWindow {
    if (entry.lastOffset < 0) return new BatchWindow()
    const { lastSequence, offsetDelta } = entry
    const lastOffset = Number(entry.lastOffset)
    const firstSequence =
      lastSequence >= offsetDelta ? lastSequence - offsetDelta : lastSequence - offsetDelta + SEQUENCES
    const firstOffset = lastOffset - offsetDelta
    return new BatchWindow([
      { firstSequence, lastSequence, firstOffset, lastOffset, timestamp: Number(entry.timestamp) },
    ])
  }

  add(batch: RecordBatch): void {
    if (this.batches.length === MOST_BATCHES) this.batches.shift()
    const lastOffset = Number(batch.lastOffset)
    this.batches.push({
      firstSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      firstOffset: Number(batch.baseOffset ?? lastOffset),
      lastOffset,
      timestamp: Number(batch.maxTimestamp),
    })
  }
}
