import { ApiError } from '../../api-error.ts'
import type { ShareGroupStart } from '../../configs/share-group-configs.ts'
import { lookUpOffset, specialTimes } from '../offset-lookup.ts'
import type { Partition } from '../partition.ts'

/** Where a share group begins that has been nowhere yet. */
export function startOffsetOf(partition: Partition, start: ShareGroupStart, nowMs: number): number {
  const time = start.at === 'duration' ? nowMs - start.durationMs : specialTimes[start.at]
  const { leaderEpoch } = partition
  const { offset } = lookUpOffset(partition, { time, currentLeaderEpoch: leaderEpoch, sees: 'uncommitted' })
  if (offset >= 0) return offset
  const { topicId, topic, partition: number } = partition
  const message = `Offset for timestamp ${time} not found for topic partition: ${topicId}:${topic}-${number}`
  throw new ApiError('OFFSET_NOT_AVAILABLE', message)
}
