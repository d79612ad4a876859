import {
  type BatchPlace,
  metadataBatch,
  type QuorumRecord,
  snapshotFooterBatch,
  snapshotHeaderBatch,
} from './metadata-batches.ts'

interface SnapshotFacts {
  /** Of the leader that makes it. */
  readonly epoch: number
  /** Of the last record that it stands for. */
  readonly lastContainedMs: number
  readonly nowMs: number
  /** Of the quorum: its version and voters, where these are in its log. */
  readonly quorum?: readonly QuorumRecord[]
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
  const { quorum = [] } = facts
  const parts = [snapshotHeaderBatch(facts.lastContainedMs, at(0), quorum)]
  const begin = 1 + quorum.length
  for (let first = 0; first < values.length; first += RECORDS_PER_BATCH) {
    parts.push(metadataBatch(values.slice(first, first + RECORDS_PER_BATCH), at(begin + first)))
  }
  parts.push(snapshotFooterBatch(at(begin + values.length)))
  return Buffer.concat(parts)
}
