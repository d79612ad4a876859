import { toInt64 } from '../../bytes/int64.ts'
import { groupMetadata, offsetCommit } from '../../protocol/records/classic-group-records.ts'
import {
  consumerGroupCurrentMemberAssignment,
  consumerGroupMemberMetadata,
  consumerGroupMetadata,
  consumerGroupTargetAssignmentMember,
  consumerGroupTargetAssignmentMetadata,
} from '../../protocol/records/consumer-group-records.ts'
import {
  shareGroupCurrentMemberAssignment,
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupStatePartitionMetadata,
  shareGroupTargetAssignmentMember,
  shareGroupTargetAssignmentMetadata,
} from '../../protocol/records/share-group-records.ts'
import {
  streamsGroupCurrentMemberAssignment,
  streamsGroupMemberMetadata,
  streamsGroupMetadata,
  streamsGroupTargetAssignmentMember,
  streamsGroupTargetAssignmentMetadata,
  streamsGroupTopology,
} from '../../protocol/records/streams-group-records.ts'
import { commitKey, type StoredCommit, type StoredGroup, type ValueOf } from './stored-group.ts'

type GroupOf = (group: string) => StoredGroup
/** Puts one record where it belongs in its group. */
export type ReadGroupRecord = (key: Buffer, value: Buffer, groupOf: GroupOf) => void

interface Kind<K, V> {
  readonly key: { readonly key: number | undefined; decodeFramed(bytes: Buffer): { readonly value: K } }
  readonly value: { decodeFramed(bytes: Buffer): { readonly value: V } }
}

/** What becomes of each kind of record, by its type; offset commits are read apart. */
export const groupRecords: ReadonlyMap<number, ReadGroupRecord> = new Map([
  ofGroup(
    groupMetadata,
    (it) => it.group,
    (group, value) => {
      group.classic = value
    },
  ),
  ofGroup(consumerGroupMetadata, byGroupId, (group, value) => {
    group.consumer.metadata = value
  }),
  ofGroup(consumerGroupTargetAssignmentMetadata, byGroupId, (group, value) => {
    group.consumer.targetEpoch = value.assignmentEpoch
  }),
  ofMember(consumerGroupMemberMetadata, ({ consumer }) => consumer.members),
  ofMember(consumerGroupTargetAssignmentMember, ({ consumer }) => consumer.targets),
  ofMember(consumerGroupCurrentMemberAssignment, ({ consumer }) => consumer.current),
  ofGroup(shareGroupMetadata, byGroupId, (group, value) => {
    group.share.metadata = value
  }),
  ofGroup(shareGroupTargetAssignmentMetadata, byGroupId, (group, value) => {
    group.share.targetEpoch = value.assignmentEpoch
  }),
  ofMember(shareGroupMemberMetadata, ({ share }) => share.members),
  ofMember(shareGroupTargetAssignmentMember, ({ share }) => share.targets),
  ofMember(shareGroupCurrentMemberAssignment, ({ share }) => share.current),
  ofGroup(shareGroupStatePartitionMetadata, byGroupId, (group, value) => {
    group.sharePartitions = value
  }),
  ofGroup(streamsGroupMetadata, byGroupId, (group, value) => {
    group.streams.metadata = value
  }),
  ofGroup(streamsGroupTargetAssignmentMetadata, byGroupId, (group, value) => {
    group.streams.targetEpoch = value.assignmentEpoch
  }),
  ofMember(streamsGroupMemberMetadata, ({ streams }) => streams.members),
  ofMember(streamsGroupTargetAssignmentMember, ({ streams }) => streams.targets),
  ofMember(streamsGroupCurrentMemberAssignment, ({ streams }) => streams.current),
  ofGroup(streamsGroupTopology, byGroupId, (group, value) => {
    group.topology = value
  }),
])

/** Kinds that say nothing that is not said elsewhere too. */
export const passedOver: ReadonlySet<number> = new Set([
  4, // ConsumerGroupPartitionMetadata: a copy of the cluster's metadata
  9, // ShareGroupPartitionMetadata: of previews of Kafka 4.0
  16, // ConsumerGroupRegularExpression: what a member's regex matched when it was resolved
  18, // StreamsGroupPartitionMetadata: of previews of Kafka 4.1
])

export function readOffsetCommit(
  key: Buffer,
  value: Buffer,
  into: (group: StoredGroup) => Map<string, StoredCommit>,
  groupOf: GroupOf,
): void {
  const { group, topic, partition } = offsetCommit.key.decodeFramed(key).value
  into(groupOf(group)).set(commitKey(topic, partition), storedCommit(topic, partition, value))
}

function storedCommit(topic: string, partition: number, bytes: Buffer): StoredCommit {
  const said: ValueOf<typeof offsetCommit> = offsetCommit.value.decodeFramed(bytes).value
  return {
    topic,
    partition,
    offset: toInt64(said.offset),
    leaderEpoch: said.leaderEpoch,
    metadata: said.metadata,
    commitTimestampMs: toInt64(said.commitTimestamp),
  }
}

function byGroupId({ groupId }: { readonly groupId: string }): string {
  return groupId
}

function ofGroup<K, V>(
  kind: Kind<K, V>,
  nameOf: (key: K) => string,
  put: (group: StoredGroup, value: V) => void,
): [number, ReadGroupRecord] {
  const read: ReadGroupRecord = (key, value, groupOf) =>
    put(groupOf(nameOf(kind.key.decodeFramed(key).value)), kind.value.decodeFramed(value).value)
  return [kind.key.key ?? -1, read]
}

function ofMember<V>(
  kind: Kind<{ readonly groupId: string; readonly memberId: string }, V>,
  membersOf: (group: StoredGroup) => Map<string, V>,
): [number, ReadGroupRecord] {
  const read: ReadGroupRecord = (key, value, groupOf) => {
    const { groupId, memberId } = kind.key.decodeFramed(key).value
    membersOf(groupOf(groupId)).set(memberId, kind.value.decodeFramed(value).value)
  }
  return [kind.key.key ?? -1, read]
}
