import { groupMetadata, offsetCommit } from '../../../protocol/records/classic-group-records.ts'
import {
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupStatePartitionMetadata,
} from '../../../protocol/records/share-group-records.ts'
import {
  streamsGroupMemberMetadata,
  streamsGroupMetadata,
} from '../../../protocol/records/streams-group-records.ts'
import { decodeConsumerRecord } from './consumer/consumer-record-codec.ts'
import type { CommittedOffset, GroupRecord, OtherGroupType } from './group-record.ts'
import type { StoredClassicGroup } from './stored-classic-group.ts'

interface Key<K> {
  readonly key: { readonly key: number | undefined; decodeFramed(bytes: Buffer): { readonly value: K } }
}

type Decode = (key: Buffer, value: Buffer | null) => GroupRecord

/** By the type in the key. Types that say nothing of what a broker does with classic groups are not here. */
const decoders: ReadonlyMap<number, Decode> = new Map([
  ofCommit(offsetCommit),
  ofClassicGroup(),
  ofOtherGroup(shareGroupMetadata, 'share'),
  ofOtherGroup(shareGroupMemberMetadata, 'share'),
  ofOtherGroup(shareGroupStatePartitionMetadata, 'share'),
  ofOtherGroup(streamsGroupMetadata, 'streams'),
  ofOtherGroup(streamsGroupMemberMetadata, 'streams'),
])

/** Null for a record that is none of ours; a DataError for one that is not what its key says. */
export function decodeGroupRecord(key: Buffer | null, value: Buffer | null): GroupRecord | null {
  if (key === null || key.length < 2) return null
  return decoders.get(key.readInt16BE(0))?.(key, value) ?? decodeConsumerRecord(key, value)
}

function ofCommit(
  kind: Key<{ readonly group: string; readonly topic: string; readonly partition: number }>,
): [number, Decode] {
  const decode: Decode = (key, value) => {
    const { group, topic, partition } = kind.key.decodeFramed(key).value
    return { kind: 'commit', group, topic, partition, commit: value === null ? null : decodeCommit(value) }
  }
  return [typeOf(kind), decode]
}

function decodeCommit(bytes: Buffer): CommittedOffset {
  const { value } = offsetCommit.value.decodeFramed(bytes)
  const { offset, leaderEpoch, metadata, topicId } = value
  const expireTimestampMs = value.expireTimestamp < 0n ? null : Number(value.expireTimestamp)
  const commitTimestampMs = Number(value.commitTimestamp)
  return { offset, leaderEpoch, metadata, topicId, commitTimestampMs, expireTimestampMs }
}

function ofClassicGroup(): [number, Decode] {
  const decode: Decode = (key, value) => {
    const { group } = groupMetadata.key.decodeFramed(key).value
    return { kind: 'classicGroup', group, stored: value === null ? null : decodeGroup(value) }
  }
  return [typeOf(groupMetadata), decode]
}

function decodeGroup(bytes: Buffer): StoredClassicGroup {
  const { value } = groupMetadata.value.decodeFramed(bytes)
  const { protocolType, generation, protocol, leader } = value
  const members = value.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    // The first Kafka that kept groups had one time-out for both.
    rebalanceTimeoutMs: member.rebalanceTimeout < 0 ? member.sessionTimeout : member.rebalanceTimeout,
    sessionTimeoutMs: member.sessionTimeout,
    // A batch is good only until the next is read.
    subscription: Buffer.from(member.subscription),
    assignment: Buffer.from(member.assignment),
  }))
  const stateTimestampMs = Number(value.currentStateTimestamp)
  return { protocolType, generation, protocol, leader, stateTimestampMs, members }
}

function ofOtherGroup(
  kind: Key<{ readonly groupId: string; readonly memberId?: string }>,
  type: OtherGroupType,
): [number, Decode] {
  const decode: Decode = (key, value) => {
    const { groupId, memberId = null } = kind.key.decodeFramed(key).value
    return { kind: 'otherGroup', group: groupId, type, memberId, isTombstone: value === null }
  }
  return [typeOf(kind), decode]
}

function typeOf({ key }: { readonly key: { readonly key: number | undefined } }): number {
  return key.key ?? -1
}
