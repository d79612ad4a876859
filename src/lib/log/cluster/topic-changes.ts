import {
  clearElrRecord,
  partitionChangeRecord,
  partitionRecord,
  removeTopicRecord,
  topicRecord,
} from '../../protocol/records/cluster-metadata-topic-records.ts'
import { alteration, change, type MetadataChange, type ValueOf } from './metadata-change.ts'
import { type Leadership, NO_LEADER, type PartitionImage } from './metadata-image.ts'
import type { MetadataState } from './metadata-state.ts'
import { tagKeys } from './unknown-tags.ts'

/** A change that leaves the leader as it is. */
const SAME_LEADER = -2
const RECOVERING = 1

type PartitionChange = ValueOf<(typeof partitionChangeRecord)['message']['fields']>

export const topicChanges: readonly MetadataChange[] = [
  change(topicRecord, ({ topics, tags }, { name, topicId, unknownTags }) => {
    topics.set(topicId, { name, topicId, partitions: new Map() })
    tags.keep(tagKeys.topic(topicId), unknownTags)
  }),
  change(removeTopicRecord, (state, { topicId }) => {
    const topic = state.topics.get(topicId)
    state.topics.delete(topicId)
    // A topic's configs go with it, without a record of their own.
    if (topic !== undefined) state.configs.get('topic')?.delete(topic.name)
  }),
  change(partitionRecord, ({ topics, tags }, record) => {
    tags.keep(tagKeys.partition(record), record.unknownTags)
    topics.get(record.topicId)?.partitions.set(record.partitionId, {
      partition: record.partitionId,
      leader: record.leader,
      leaderEpoch: record.leaderEpoch,
      partitionEpoch: record.partitionEpoch,
      replicas: record.replicas,
      isr: record.isr,
      elr: record.eligibleLeaderReplicas ?? [],
      lastKnownElr: record.lastKnownElr ?? [],
      addingReplicas: record.addingReplicas,
      removingReplicas: record.removingReplicas,
      directories: record.directories,
      isRecovering: record.leaderRecoveryState === RECOVERING,
      beforeStop: null,
    })
  }),
  alteration(partitionChangeRecord, (state, record) => {
    const partitions = state.topics.get(record.topicId)?.partitions
    const before = partitions?.get(record.partitionId)
    if (partitions === undefined || before === undefined) return
    const after = changed(before, record)
    partitions.set(record.partitionId, { ...after, beforeStop: beforeStop(state, before, after) })
  }),
  change(clearElrRecord, (state, { topicName }) => clearElr(state, topicName)),
]

/** Even the same leader begins a new epoch when a record names it. */
function changed(before: PartitionImage, record: PartitionChange): PartitionImage {
  const isSameLeader = record.leader === SAME_LEADER
  const { leaderRecoveryState } = record
  return {
    ...before,
    leader: isSameLeader ? before.leader : record.leader,
    leaderEpoch: isSameLeader ? before.leaderEpoch : before.leaderEpoch + 1,
    partitionEpoch: before.partitionEpoch + 1,
    replicas: record.replicas ?? before.replicas,
    isr: record.isr ?? before.isr,
    elr: record.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: record.lastKnownElr ?? before.lastKnownElr,
    addingReplicas: record.addingReplicas ?? before.addingReplicas,
    removingReplicas: record.removingReplicas ?? before.removingReplicas,
    directories: record.directories ?? before.directories,
    isRecovering: leaderRecoveryState === -1 ? before.isRecovering : leaderRecoveryState === RECOVERING,
  }
}

/** Kept while nobody leaves but brokers that said so first, and nobody comes back. */
function beforeStop(
  { brokers }: MetadataState,
  before: PartitionImage,
  after: PartitionImage,
): Leadership | null {
  const left = before.isr.filter((id) => !after.isr.includes(id))
  if (after.leader !== before.leader && before.leader !== NO_LEADER) left.push(before.leader)
  const hasCome = after.isr.some((id) => !before.isr.includes(id)) || before.leader === NO_LEADER
  const isChanged = hasCome || after.leader !== before.leader || left.length > 0
  if (!isChanged) return before.beforeStop
  const isStop = !hasCome && left.every((id) => brokers.get(id)?.isInControlledShutdown === true)
  if (!isStop) return null
  const { leader, leaderEpoch, isr, elr, lastKnownElr } = before
  return before.beforeStop ?? { leader, leaderEpoch, isr, elr, lastKnownElr }
}

/** An empty name means every topic. */
function clearElr({ topics }: MetadataState, topicName: string): void {
  for (const { name, partitions } of topics.values()) {
    if (topicName !== '' && name !== topicName) continue
    for (const [number, partition] of partitions) {
      partitions.set(number, { ...partition, elr: [], lastKnownElr: [] })
    }
  }
}
