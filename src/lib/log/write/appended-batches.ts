import { DataError } from '../../errors.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { batchAt } from '../../records/scan-batches.ts'
import type { Append } from './roll-rules.ts'

/** For each write: a generator would leave as much behind to be collected as all else. */
export function wholeBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at < bytes.length; ) {
    const found = batchAt(bytes, at)
    if (found.kind !== 'batch')
      throw new DataError('not-a-batch', `no batch can be appended: ${found.finding}`)
    batches.push(found)
    at += found.sizeBytes
  }
  return batches
}

/** Nothing where there is no batch. */
export function appendOf(batches: readonly RecordBatch[], sizeBytes: number): Append | undefined {
  const [first] = batches
  const last = batches.at(-1)
  if (first === undefined || last === undefined) return undefined
  return {
    sizeBytes,
    firstOffset: Number(first.baseOffset ?? first.lastOffset),
    lastOffset: Number(last.lastOffset),
    maxTimestamp: largestTimestamp(batches),
  }
}

function largestTimestamp(batches: readonly RecordBatch[]): number {
  let largest = -1
  for (const { maxTimestamp } of batches) largest = Math.max(largest, Number(maxTimestamp))
  return largest
}
