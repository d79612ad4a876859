import type { ReadableDisk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { PartitionState } from '../state/partition-state.ts'
import { logBatches } from './log-batches.ts'
import { Search } from './search.ts'
import { TransactionVerdicts } from './transaction-verdicts.ts'

export type Isolation = 'read_uncommitted' | 'read_committed'

/**
 * The batches that a consumer of this isolation is given, from the log start to the high watermark or the last
 * stable offset. The first may begin below the log start: a consumer drops those records.
 */
export function* readableBatches(
  disk: ReadableDisk,
  folder: PartitionFolder,
  { logStartOffset, highWatermark, lastStableOffset }: PartitionState,
  isolation: Isolation,
): Generator<RecordBatch, void, undefined> {
  const isCommitted = isolation === 'read_committed'
  const end = isCommitted ? lastStableOffset : highWatermark
  const verdicts = new TransactionVerdicts(disk, folder)
  try {
    for (const batch of logBatches(new Search(disk, folder), logStartOffset)) {
      if (batch.lastOffset >= end) return
      if (batch.isControl || (isCommitted && verdicts.isAborted(batch))) continue
      yield batch
    }
  } finally {
    verdicts.close()
  }
}
