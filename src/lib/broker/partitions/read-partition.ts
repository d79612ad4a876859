import type { ErrorName } from '../../protocol/error-codes.ts'
import { FetchResult } from './fetch-result.ts'
import type { FetchTarget } from './fetch-target.ts'
import type { Partition } from './partition.ts'

/**
 * No more of a partition goes into one answer, however much the client would take: larger ones only cost memory,
 * and come out slower than several of this size.
 */
export const LARGEST_PORTION_BYTES = 1024 * 1024

export interface ReadRoom {
  readonly isCommittedOnly: boolean
  readonly maxBytes: number
  readonly atLeastOne: boolean
}

/** What a partition has for a consumer, as far as there is room for it: where its bytes lie, not the bytes. */
export function readPartition(
  partition: Partition,
  target: FetchTarget,
  { isCommittedOnly, maxBytes, atLeastOne }: ReadRoom,
): FetchResult {
  const epochError = partition.checkLeaderEpoch(Math.max(-1, target.currentLeaderEpoch))
  if (epochError !== null) return new FetchResult(target, partition, epochError)
  const { highWatermark, lastStableOffset, logStartOffset, logEndOffset, log } = partition
  const { fetchOffset } = target
  const divergence = target.lastFetchedEpoch < 0 ? null : parting(partition, target)
  if (typeof divergence === 'string') return new FetchResult(target, partition, divergence)
  if (divergence !== null) {
    const facts = { highWatermark, lastStableOffset, logStartOffset, divergingEpoch: divergence }
    return new FetchResult(target, partition, 'NONE', facts)
  }
  if (fetchOffset < logStartOffset || fetchOffset > logEndOffset) {
    return new FetchResult(target, partition, 'OFFSET_OUT_OF_RANGE')
  }
  if (maxBytes < 0 && fetchOffset < highWatermark) {
    return new FetchResult(target, partition, 'UNKNOWN_SERVER_ERROR')
  }
  const upTo = isCommittedOnly ? lastStableOffset : highWatermark
  const slice =
    log.read(fetchOffset, { upTo, atLeastOne, maxBytes: Math.min(maxBytes, LARGEST_PORTION_BYTES) }) ??
    // A batch that is larger than a portion comes whole, or its reader would never get beyond it.
    log.read(fetchOffset, { upTo, atLeastOne, maxBytes })
  const facts = { highWatermark, lastStableOffset, logStartOffset, slice }
  return new FetchResult(target, partition, 'NONE', facts)
}

/** Where the logs part, if what the client fetched last is not what stands here (KIP-595). */
function parting(
  { log }: Partition,
  { lastFetchedEpoch, fetchOffset }: FetchTarget,
): { epoch: number; endOffset: number } | ErrorName | null {
  const end = log.endOffsetOfEpoch(lastFetchedEpoch)
  if (end === undefined || fetchOffset < log.logStartOffset) return 'OFFSET_OUT_OF_RANGE'
  return end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : null
}
