import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import type { Group, GroupMember, TopicPartition } from '../../model/groups.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../protocol/records/consumer-protocol-records.ts'
import { sorted, writtenCount } from './assignments.ts'
import type { StoredGroup } from './stored-group.ts'

type ClassicGroup = NonNullable<StoredGroup['classic']>
type ClassicMember = ClassicGroup['members'][number]

/**
 * A classic group as a coordinator takes it up from its log: Stable with members, Empty without. The steps of
 * a rebalance are never written. Without a record of its own a group only has commits.
 */
export function classicGroup(group: string, stored: ClassicGroup | null): Group {
  const members = stored?.members ?? []
  const isConsumer = stored?.protocolType === 'consumer'
  return {
    group,
    type: 'Classic',
    protocolType: stored?.protocolType ?? '',
    state: members.length > 0 ? 'Stable' : 'Empty',
    memberCount: writtenCount(members.length),
    assignor: stored?.protocol ?? null,
    generation: stored?.generation ?? null,
    leader: stored?.leader ?? null,
    epoch: null,
    targetEpoch: null,
    members: members.map((member) => classicMember(member, isConsumer)),
  }
}

function classicMember(member: ClassicMember, isConsumer: boolean): GroupMember {
  const { memberId, groupInstanceId, clientId, clientHost } = member
  const { topics, rackId } = isConsumer ? subscriptionOf(member) : nothingSaid
  return {
    memberId,
    instanceId: groupInstanceId,
    rackId,
    clientId,
    host: clientHost,
    epoch: null,
    subscribedTopics: topics,
    subscribedRegex: null,
    assignment: isConsumer ? assignmentOf(member) : [],
    target: null,
  }
}

const nothingSaid = { topics: [] as string[], rackId: null }

/** Only clients read these bytes: what they cannot mean is no damage of the log. */
function subscriptionOf({ subscription }: ClassicMember): { topics: string[]; rackId: string | null } {
  return (
    said(subscription, consumerProtocolSubscription.message.versions.max, (reader, version) =>
      consumerProtocolSubscription.message.read(reader, version),
    ) ?? nothingSaid
  )
}

function assignmentOf({ assignment }: ClassicMember): TopicPartition[] {
  const read = said(assignment, consumerProtocolAssignment.message.versions.max, (reader, version) =>
    consumerProtocolAssignment.message.read(reader, version),
  )
  const topics = read?.assignedPartitions ?? []
  return sorted(
    topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
  )
}

/** A version of the future begins with what the newest known one has, and clients pass over the rest. */
function said<T>(bytes: Buffer, newest: number, read: (reader: Reader, version: number) => T): T | undefined {
  const version = bytes.length < 2 ? -1 : bytes.readInt16BE(0)
  if (version < 0) return undefined
  try {
    return read(new Reader(bytes, 2), Math.min(version, newest))
  } catch (cause) {
    if (cause instanceof DataError) return undefined
    throw cause
  }
}
