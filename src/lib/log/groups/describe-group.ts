import type { CommittedOffset, Group, TopicPartition } from '../../model/groups.ts'
import { consumerGroup, shareGroup } from './assigned-groups.ts'
import type { TopicName } from './assignments.ts'
import { classicGroup } from './classic-group.ts'
import { commitKey, type StoredCommit, type StoredGroup } from './stored-group.ts'
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

/** Commits, and partitions for which there will be one if an open transaction commits. */
export function committedOffsets({ commits, pending }: StoredGroup): CommittedOffset[] {
  const first = [...pending].filter(([key]) => !commits.has(key)).map(([, commit]) => uncommitted(commit))
  const known = [...commits.values()].map((commit) =>
    committed(commit, pending.has(commitKey(commit.topic, commit.partition))),
  )
  return [...known, ...first].sort(byPartition)
}

function committed(commit: StoredCommit, isPending: boolean): CommittedOffset {
  const { topic, partition, offset, leaderEpoch, metadata, commitTimestampMs } = commit
  return {
    topic,
    partition,
    offset,
    leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
    metadata,
    commitTimestampMs,
    isPending,
  }
}

function uncommitted({ topic, partition }: StoredCommit): CommittedOffset {
  return {
    topic,
    partition,
    offset: null,
    leaderEpoch: null,
    metadata: '',
    commitTimestampMs: null,
    isPending: true,
  }
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
