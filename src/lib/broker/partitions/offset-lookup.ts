import { ApiError } from '../api-error.ts'
import type { Partition } from './partition.ts'

/** Times that are none, but ask for a place in the log. */
export const specialTimes = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const

export interface FoundOffset {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

export interface OffsetWish {
  /** Milliseconds, or one of the special times. */
  readonly time: number
  readonly currentLeaderEpoch: number
  /** 'all' for those who may see what is not yet replicated. */
  readonly sees: 'committed' | 'uncommitted' | 'all'
}

const NOT_FOUND: FoundOffset = { offset: -1, timestamp: -1, leaderEpoch: -1 }

/** As ListOffsets answers; a record that the asker may not see yet is not found. */
export function lookUpOffset(partition: Partition, wish: OffsetWish): FoundOffset {
  const error = partition.checkLeaderEpoch(wish.currentLeaderEpoch)
  if (error !== null) throw new ApiError(error)
  const { log, logStartOffset } = partition
  const end = endFor(partition, wish.sees)
  switch (wish.time) {
    case specialTimes.latest:
      return { offset: end, timestamp: -1, leaderEpoch: partition.leaderEpoch }
    case specialTimes.earliest:
    case specialTimes.earliestLocal:
      return { offset: logStartOffset, timestamp: -1, leaderEpoch: log.epochAt(logStartOffset) ?? -1 }
    case specialTimes.latestTiered:
    case specialTimes.earliestPendingUpload:
      return NOT_FOUND
    case specialTimes.maxTimestamp:
      return visible(log.findMaxTimestamp(), end)
    default:
      return visible(log.findByTime(wish.time), end)
  }
}

function endFor(partition: Partition, sees: OffsetWish['sees']): number {
  if (sees === 'committed') return partition.lastStableOffset
  return sees === 'uncommitted' ? partition.highWatermark : partition.logEndOffset
}

function visible(found: FoundOffset | undefined, end: number): FoundOffset {
  return found === undefined || found.offset >= end ? NOT_FOUND : found
}
