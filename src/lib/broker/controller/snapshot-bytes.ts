import {
  type BatchPlace,
  metadataBatch,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from './metadata-batches.ts'

interface SnapshotFacts {
  /** Of the leader that makes it. */
  readonly epoch: number
  /** Of the last record that it stands for. */
  readonly lastContainedMs: number
  readonly nowMs: number
}

/** Kafka's own share of a batch in a snapshot. */
const RECORDS_PER_BATCH = 1024

/** A `.checkpoint` file: a header, the records that make the image, a footer; its offsets count from 0. */
export function snapshotBytes(values: readonly Buffer[], facts: SnapshotFacts): Buffer {
  const at = (baseOffset: number): BatchPlace => ({
    baseOffset,
    epoch: facts.epoch,
    timestampMs: facts.nowMs,
  })
  const parts = [snapshotHeaderBatch(facts.lastContainedMs, at(0))]
  for (let first = 0; first < values.length; first += RECORDS_PER_BATCH) {
    parts.push(metadataBatch(values.slice(first, first + RECORDS_PER_BATCH), at(first + 1)))
  }
  parts.push(snapshotFooterBatch(at(values.length + 1)))
  return Buffer.concat(parts)
}
