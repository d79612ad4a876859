import type { CommittedOffset, Group, PendingOffset } from '../../model/groups.ts'
import { byPartition } from '../../model/partitions.ts'
import { consumerGroup, shareGroup } from './assigned-groups.ts'
import type { TopicName } from './assignments.ts'
import { classicGroup } from './classic-group.ts'
import type { StoredGroup } from './stored-group.ts'
import { streamsGroup } from './streams-group.ts'

/** What the group is, by what was written of it: an id can change its type. */
export function describeGroup(stored: StoredGroup, nameOf: TopicName): Group {
  if (isThere(stored.consumer)) return consumerGroup(stored, nameOf)
  if (isThere(stored.share)) return shareGroup(stored, nameOf)
  if (isThere(stored.streams)) return streamsGroup(stored)
  return classicGroup(stored.group, stored.classic)
}

function isThere({ metadata, members }: StoredGroup['consumer' | 'share' | 'streams']): boolean {
  return metadata !== null || members.size > 0
}

export function committedOffsets({ commits, pending }: StoredGroup): CommittedOffset[] {
  return [...commits]
    .map(([key, { topic, partition, offset, leaderEpoch, metadata, commitTimestampMs }]) => ({
      topic,
      partition,
      offset,
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
      metadata,
      commitTimestampMs,
      isPending: pending.has(key),
    }))
    .sort(byPartition)
}

export function pendingOffsets({ pending }: StoredGroup): PendingOffset[] {
  return [...pending.values()]
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    .sort(byPartition)
}
