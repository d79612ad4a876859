import type { RecordBatch } from '../../../records/record-batch.ts'
import { scanBatches } from '../../../records/scan-batches.ts'

/** A batch of records that was read to be handed out, and where it lies among what was read. */
export interface FetchedBatch {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly position: number
  readonly sizeBytes: number
  readonly batch: RecordBatch
}

export function fetchedBatches(bytes: Buffer): FetchedBatch[] {
  const batches: FetchedBatch[] = []
  for (const batch of scanBatches(bytes)) {
    // What is damaged in the log is for its operator; nobody can be given it.
    if (batch.kind !== 'batch') break
    const lastOffset = Number(batch.lastOffset)
    const firstOffset = batch.baseOffset === null ? lastOffset : Number(batch.baseOffset)
    batches.push({ firstOffset, lastOffset, position: batch.position, sizeBytes: batch.sizeBytes, batch })
  }
  return batches
}

/** Of what was read, the batches that have some of these records. */
export function slicedBatches(
  bytes: Buffer,
  batches: readonly FetchedBatch[],
  first: number,
  last: number,
): Buffer {
  let from: FetchedBatch | undefined = batches[0]
  let to = from
  for (const batch of batches) {
    if (batch.firstOffset <= first) from = batch
    if (batch.firstOffset <= last || batch === from) to = batch
  }
  if (from === undefined || to === undefined) return bytes
  return bytes.subarray(from.position, to.position + to.sizeBytes)
}
