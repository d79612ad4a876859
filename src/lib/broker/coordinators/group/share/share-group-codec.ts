import {
  shareGroupCurrentMemberAssignment,
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupStatePartitionMetadata,
  shareGroupTargetAssignmentMember,
  shareGroupTargetAssignmentMetadata,
} from '../../../../protocol/records/share-group-records.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import type { CoordinatorEntry } from '../../coordinator-partition.ts'
import { assignmentOf, inKafkasOrder, topicPartitionsOf, uuidHash } from '../modern/assignment.ts'
import type { ShareGroupRecord, ShareTopic, ShareTopics } from './share-group-record.ts'

const kinds = {
  shareMember: shareGroupMemberMetadata,
  shareEpoch: shareGroupMetadata,
  shareTargetEpoch: shareGroupTargetAssignmentMetadata,
  shareTarget: shareGroupTargetAssignmentMember,
  shareAssignment: shareGroupCurrentMemberAssignment,
  shareTopics: shareGroupStatePartitionMetadata,
} as const

export function encodeShareGroupRecord(record: ShareGroupRecord): CoordinatorEntry {
  const memberId = 'memberId' in record ? record.memberId : ''
  const key = kinds[record.kind].key.encodeFramed({ groupId: record.group, memberId }, 0)
  return { key, value: record.value === null ? null : encodeValue(record) }
}

function encodeValue(record: ShareGroupRecord): Buffer | null {
  if (record.value === null) return null
  switch (record.kind) {
    case 'shareMember': {
      const { rackId, clientId, clientHost, topics } = record.value
      const value = { rackId, clientId, clientHost, subscribedTopicNames: [...topics].sort() }
      return shareGroupMemberMetadata.value.encodeFramed(value, 0)
    }
    case 'shareEpoch':
      return shareGroupMetadata.value.encodeFramed(record.value, 0)
    case 'shareTargetEpoch': {
      const { epoch, timestampMs } = record.value
      const value = { assignmentEpoch: epoch, assignmentTimestamp: BigInt(timestampMs) }
      return shareGroupTargetAssignmentMetadata.value.encodeFramed(value, 0)
    }
    case 'shareTarget': {
      const value = { topicPartitions: topicPartitionsOf(record.value) }
      return shareGroupTargetAssignmentMember.value.encodeFramed(value, 0)
    }
    case 'shareAssignment': {
      const { epoch, previousEpoch, state, assigned } = record.value
      const value = {
        ...{ memberEpoch: epoch, previousMemberEpoch: previousEpoch, state },
        assignedPartitions: topicPartitionsOf(assigned),
      }
      return shareGroupCurrentMemberAssignment.value.encodeFramed(value, 0)
    }
    case 'shareTopics':
      return shareGroupStatePartitionMetadata.value.encodeFramed(wireTopics(record.value), 0)
  }
}

function wireTopics({ initialising, initialised, deleting }: ShareTopics) {
  const listed = (topics: ReadonlyMap<string, ShareTopic>) =>
    inKafkasTopicOrder(topics).map(([topicId, { name, partitions }]) => ({
      ...{ topicId, topicName: name, partitions: inKafkasOrder(partitions) },
    }))
  return {
    initializingTopics: listed(initialising),
    initializedTopics: listed(initialised),
    deletingTopics: inKafkasTopicOrder(deleting).map(([topicId, topicName]) => ({ topicId, topicName })),
  }
}

function inKafkasTopicOrder<T>(topics: ReadonlyMap<string, T>): [string, T][] {
  return inJavaMapOrder([...topics], ([topicId]) => uuidHash(topicId))
}

type Decode = (key: Buffer, value: Buffer | null) => ShareGroupRecord

const decoders: ReadonlyMap<number, Decode> = new Map(Object.values(decodersByKind()))

/** Null for a record that is not of a share group. */
export function decodeShareGroupRecord(key: Buffer, value: Buffer | null): ShareGroupRecord | null {
  if (key.length < 2) return null
  return decoders.get(key.readInt16BE(0))?.(key, value) ?? null
}

function decodersByKind(): Record<keyof typeof kinds, [number, Decode]> {
  const of = (kind: keyof typeof kinds, decode: Decode): [number, Decode] => [
    kinds[kind].key.key ?? -1,
    decode,
  ]
  return {
    shareMember: of('shareMember', (key, bytes) => {
      const { groupId: group, memberId } = shareGroupMemberMetadata.key.decodeFramed(key).value
      if (bytes === null) return { kind: 'shareMember', group, memberId, value: null }
      const { subscribedTopicNames, ...rest } = shareGroupMemberMetadata.value.decodeFramed(bytes).value
      return {
        kind: 'shareMember',
        group,
        memberId,
        value: { ...rest, topics: new Set(subscribedTopicNames) },
      }
    }),
    shareEpoch: of('shareEpoch', (key, bytes) => {
      const { groupId: group } = shareGroupMetadata.key.decodeFramed(key).value
      const value = bytes && shareGroupMetadata.value.decodeFramed(bytes).value
      return { kind: 'shareEpoch', group, value }
    }),
    shareTargetEpoch: of('shareTargetEpoch', (key, bytes) => {
      const { groupId: group } = shareGroupTargetAssignmentMetadata.key.decodeFramed(key).value
      if (bytes === null) return { kind: 'shareTargetEpoch', group, value: null }
      const said = shareGroupTargetAssignmentMetadata.value.decodeFramed(bytes).value
      const value = { epoch: said.assignmentEpoch, timestampMs: Number(said.assignmentTimestamp) }
      return { kind: 'shareTargetEpoch', group, value }
    }),
    shareTarget: of('shareTarget', (key, bytes) => {
      const { groupId: group, memberId } = shareGroupTargetAssignmentMember.key.decodeFramed(key).value
      const said = bytes && shareGroupTargetAssignmentMember.value.decodeFramed(bytes).value
      return { kind: 'shareTarget', group, memberId, value: said && assignmentOf(said.topicPartitions) }
    }),
    shareAssignment: of('shareAssignment', (key, bytes) => {
      const { groupId: group, memberId } = shareGroupCurrentMemberAssignment.key.decodeFramed(key).value
      if (bytes === null) return { kind: 'shareAssignment', group, memberId, value: null }
      const said = shareGroupCurrentMemberAssignment.value.decodeFramed(bytes).value
      const value = {
        ...{ epoch: said.memberEpoch, previousEpoch: said.previousMemberEpoch, state: said.state },
        assigned: assignmentOf(said.assignedPartitions),
      }
      return { kind: 'shareAssignment', group, memberId, value }
    }),
    shareTopics: of('shareTopics', (key, bytes) => {
      const { groupId: group } = shareGroupStatePartitionMetadata.key.decodeFramed(key).value
      if (bytes === null) return { kind: 'shareTopics', group, value: null }
      const said = shareGroupStatePartitionMetadata.value.decodeFramed(bytes).value
      const value = {
        initialising: topicsOf(said.initializingTopics),
        initialised: topicsOf(said.initializedTopics),
        deleting: new Map(said.deletingTopics.map(({ topicId, topicName }) => [topicId, topicName])),
      }
      return { kind: 'shareTopics', group, value }
    }),
  }
}

interface WireTopic {
  readonly topicId: string
  readonly topicName: string
  readonly partitions: readonly number[]
}

function topicsOf(topics: readonly WireTopic[]): Map<string, ShareTopic> {
  return new Map(
    topics.map(({ topicId, topicName, partitions }) => [
      topicId,
      { name: topicName, partitions: new Set(partitions) },
    ]),
  )
}
