import { groupMetadata, offsetCommit } from '../../../protocol/records/classic-group-records.ts'
import type { CoordinatorEntry } from '../coordinator-partition.ts'
import { encodeConsumerRecord } from './consumer/consumer-record-codec.ts'
import type { CommittedOffset, WrittenRecord } from './group-record.ts'
import type { StoredClassicGroup } from './stored-classic-group.ts'

/** Kafka 4.3 writes these versions; only version 1 of a commit has room for an expiry of its own. */
const COMMIT_VERSION = 4
const EXPIRING_COMMIT_VERSION = 1
const GROUP_VERSION = 3

export function encodeGroupRecord(record: WrittenRecord): CoordinatorEntry {
  if (record.kind === 'classicGroup') {
    const { group, stored } = record
    const key = groupMetadata.key.encodeFramed({ group }, 0)
    return { key, value: stored === null ? null : encodeGroup(stored) }
  }
  if (record.kind !== 'commit') return encodeConsumerRecord(record)
  const { group, topic, partition, commit } = record
  const key = offsetCommit.key.encodeFramed({ group, topic, partition }, 0)
  return { key, value: commit === null ? null : encodeCommit(commit) }
}

function encodeCommit(commit: CommittedOffset): Buffer {
  const said = {
    offset: commit.offset,
    leaderEpoch: commit.leaderEpoch,
    metadata: commit.metadata,
    commitTimestamp: BigInt(commit.commitTimestampMs),
    topicId: commit.topicId,
  }
  if (commit.expireTimestampMs === null) return offsetCommit.value.encodeFramed(said, COMMIT_VERSION)
  const expiring = { ...said, expireTimestamp: BigInt(commit.expireTimestampMs) }
  return offsetCommit.value.encodeFramed(expiring, EXPIRING_COMMIT_VERSION)
}

function encodeGroup(stored: StoredClassicGroup): Buffer {
  const { protocolType, generation, protocol, leader } = stored
  const members = stored.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription: member.subscription,
    assignment: member.assignment,
  }))
  const currentStateTimestamp = BigInt(stored.stateTimestampMs)
  const value = { protocolType, generation, protocol, leader, currentStateTimestamp, members }
  return groupMetadata.value.encodeFramed(value, GROUP_VERSION)
}
