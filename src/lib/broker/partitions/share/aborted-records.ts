import type { Int64 } from '../../../bytes/int64.ts'
import { parseControlRecordKey } from '../../../records/control-record-type.ts'
import { openRecords } from '../../../records/open-records.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import type { AcquiredRecords } from './acquired-records.ts'
import type { FetchedBatch } from './fetched-batches.ts'

export interface AbortedTransaction {
  readonly producerId: Int64
  readonly firstOffset: number
}

/** The batches among these that belong to transactions that came to nothing. */
export function abortedBatches(
  batches: readonly FetchedBatch[],
  transactions: readonly AbortedTransaction[],
): FetchedBatch[] {
  const waiting = transactions.toSorted((a, b) => b.firstOffset - a.firstOffset)
  const aborting = new Set<Int64>()
  return batches.filter(({ batch, lastOffset }) => {
    if (batch.producerId < 0) return false
    for (
      let next = waiting.at(-1);
      next !== undefined && next.firstOffset <= lastOffset;
      next = waiting.at(-1)
    ) {
      aborting.add(next.producerId)
      waiting.pop()
    }
    if (isAbortMarker(batch)) {
      aborting.delete(batch.producerId)
      return false
    }
    return batch.isTransactional && aborting.has(batch.producerId)
  })
}

/** What is left of acquired records without those batches. */
export function withoutBatches(
  acquired: readonly AcquiredRecords[],
  batches: readonly FetchedBatch[],
): AcquiredRecords[] {
  let left = [...acquired]
  for (const { firstOffset, lastOffset } of batches) {
    left = left.flatMap((records) => {
      if (records.lastOffset < firstOffset || records.firstOffset > lastOffset) return [records]
      const before = { ...records, lastOffset: firstOffset - 1 }
      const after = { ...records, firstOffset: lastOffset + 1 }
      return [before, after].filter((part) => part.firstOffset <= part.lastOffset)
    })
  }
  return left
}

function isAbortMarker(batch: RecordBatch): boolean {
  if (!batch.isControl) return false
  const cursor = openRecords(batch, { checkCrc: false })
  return cursor.next() && parseControlRecordKey(cursor.key).type === 'ABORT'
}
