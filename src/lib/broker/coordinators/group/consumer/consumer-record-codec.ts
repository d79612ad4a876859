import {
  consumerGroupCurrentMemberAssignment,
  consumerGroupMemberMetadata,
  consumerGroupMetadata,
  consumerGroupPartitionMetadata,
  consumerGroupRegularExpression,
  consumerGroupTargetAssignmentMember,
  consumerGroupTargetAssignmentMetadata,
} from '../../../../protocol/records/consumer-group-records.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import type { CoordinatorEntry } from '../../coordinator-partition.ts'
import { assignmentOf, topicPartitionsOf, uuidHash } from '../modern/assignment.ts'
import {
  type EpochAssignment,
  type MemberAssignment,
  type MemberState,
  type MemberSubscription,
  partitionsWithEpochs,
} from './consumer-member.ts'
import type { ConsumerGroupRecord, ResolvedRegex } from './consumer-record.ts'

const states: readonly (readonly [MemberState, number])[] = [
  ['STABLE', 0],
  ['UNREVOKED_PARTITIONS', 1],
  ['UNRELEASED_PARTITIONS', 2],
  ['UNKNOWN', 127],
]

export function encodeConsumerRecord(record: ConsumerGroupRecord): CoordinatorEntry {
  const { group: groupId } = record
  switch (record.kind) {
    case 'consumerEpoch':
      return {
        key: consumerGroupMetadata.key.encodeFramed({ groupId }, 0),
        value: record.value && consumerGroupMetadata.value.encodeFramed(record.value, 0),
      }
    case 'consumerPartitions':
      // Older Kafkas wrote it; today there are tombstones alone.
      return { key: consumerGroupPartitionMetadata.key.encodeFramed({ groupId }, 0), value: null }
    case 'consumerMember':
      return {
        key: consumerGroupMemberMetadata.key.encodeFramed({ groupId, memberId: record.memberId }, 0),
        value: record.value && encodeSubscription(record.value),
      }
    case 'consumerTargetEpoch': {
      const { value } = record
      const said = value && {
        assignmentEpoch: value.epoch,
        assignmentTimestamp: BigInt(value.timestampMs),
      }
      return {
        key: consumerGroupTargetAssignmentMetadata.key.encodeFramed({ groupId }, 0),
        value: said && consumerGroupTargetAssignmentMetadata.value.encodeFramed(said, 0),
      }
    }
    case 'consumerTarget': {
      const topicPartitions = record.value && topicPartitionsOf(record.value)
      return {
        key: consumerGroupTargetAssignmentMember.key.encodeFramed({ groupId, memberId: record.memberId }, 0),
        value:
          topicPartitions && consumerGroupTargetAssignmentMember.value.encodeFramed({ topicPartitions }, 0),
      }
    }
    case 'consumerAssignment':
      return {
        key: consumerGroupCurrentMemberAssignment.key.encodeFramed({ groupId, memberId: record.memberId }, 0),
        value: record.value && encodeAssignment(record.value),
      }
    case 'consumerRegex': {
      const key = { groupId, regularExpression: record.regex }
      return {
        key: consumerGroupRegularExpression.key.encodeFramed(key, 0),
        value: record.value && encodeRegex(record.value),
      }
    }
  }
}

function encodeSubscription(said: MemberSubscription): Buffer {
  const { classic, subscribedTopicNames, ...rest } = said
  const classicMemberMetadata = classic && {
    sessionTimeoutMs: classic.sessionTimeoutMs,
    supportedProtocols: [...classic.protocols],
  }
  const fields = { ...rest, subscribedTopicNames: [...subscribedTopicNames].sort(), classicMemberMetadata }
  return consumerGroupMemberMetadata.value.encodeFramed(fields, 0)
}

function encodeAssignment({ state, assigned, pendingRevocation, ...epochs }: MemberAssignment): Buffer {
  const fields = {
    ...epochs,
    state: states.find(([name]) => name === state)?.[1] ?? 0,
    assignedPartitions: encodePartitions(assigned),
    partitionsPendingRevocation: encodePartitions(pendingRevocation),
  }
  return consumerGroupCurrentMemberAssignment.value.encodeFramed(fields, 0)
}

function encodePartitions(assignment: EpochAssignment) {
  return inJavaMapOrder([...assignment.keys()], uuidHash).map((topicId) => {
    const partitions = partitionsWithEpochs(assignment.get(topicId) ?? new Map())
    return {
      topicId,
      partitions: partitions.map(([partition]) => partition),
      assignmentEpochs: partitions.map(([, epoch]) => epoch),
    }
  })
}

function encodeRegex({ topics, version, timestampMs }: ResolvedRegex): Buffer {
  const fields = { topics: [...topics].sort(), version: BigInt(version), timestamp: BigInt(timestampMs) }
  return consumerGroupRegularExpression.value.encodeFramed(fields, 0)
}

export function decodeConsumerRecord(key: Buffer, value: Buffer | null): ConsumerGroupRecord | null {
  return decoders.get(key.readInt16BE(0))?.(key, value) ?? null
}

type Decode = (key: Buffer, value: Buffer | null) => ConsumerGroupRecord

/** By the type in the key. */
const decoders: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [
    3,
    (key, value) => {
      const { groupId } = consumerGroupMetadata.key.decodeFramed(key).value
      const said = value && consumerGroupMetadata.value.decodeFramed(value).value
      return { kind: 'consumerEpoch', group: groupId, value: said }
    },
  ],
  [
    4,
    (key, value) => {
      const { groupId } = consumerGroupPartitionMetadata.key.decodeFramed(key).value
      return { kind: 'consumerPartitions', group: groupId, value: value === null ? null : true }
    },
  ],
  [
    5,
    (key, value) => {
      const { groupId, memberId } = consumerGroupMemberMetadata.key.decodeFramed(key).value
      return { kind: 'consumerMember', group: groupId, memberId, value: value && decodeSubscription(value) }
    },
  ],
  [
    6,
    (key, value) => {
      const { groupId } = consumerGroupTargetAssignmentMetadata.key.decodeFramed(key).value
      const said = value && consumerGroupTargetAssignmentMetadata.value.decodeFramed(value).value
      const target = said && {
        epoch: said.assignmentEpoch,
        timestampMs: Number(said.assignmentTimestamp),
      }
      return { kind: 'consumerTargetEpoch', group: groupId, value: target }
    },
  ],
  [
    7,
    (key, value) => {
      const { groupId, memberId } = consumerGroupTargetAssignmentMember.key.decodeFramed(key).value
      const said = value && consumerGroupTargetAssignmentMember.value.decodeFramed(value).value
      const target = said && assignmentOf(said.topicPartitions)
      return { kind: 'consumerTarget', group: groupId, memberId, value: target }
    },
  ],
  [
    8,
    (key, value) => {
      const { groupId, memberId } = consumerGroupCurrentMemberAssignment.key.decodeFramed(key).value
      return { kind: 'consumerAssignment', group: groupId, memberId, value: value && decodeAssignment(value) }
    },
  ],
  [
    16,
    (key, value) => {
      const said = consumerGroupRegularExpression.key.decodeFramed(key).value
      const { groupId, regularExpression: regex } = said
      return { kind: 'consumerRegex', group: groupId, regex, value: value && decodeRegex(value) }
    },
  ],
])

function decodeSubscription(bytes: Buffer): MemberSubscription {
  const { classicMemberMetadata, ...said } = consumerGroupMemberMetadata.value.decodeFramed(bytes).value
  const classic = classicMemberMetadata && {
    sessionTimeoutMs: classicMemberMetadata.sessionTimeoutMs,
    // A batch is good only until the next is read.
    protocols: classicMemberMetadata.supportedProtocols.map(({ name, metadata }) => ({
      name,
      metadata: Buffer.from(metadata),
    })),
  }
  return { ...said, subscribedTopicNames: new Set(said.subscribedTopicNames), classic }
}

function decodeAssignment(bytes: Buffer): MemberAssignment {
  const { value } = consumerGroupCurrentMemberAssignment.value.decodeFramed(bytes)
  const { memberEpoch, previousMemberEpoch } = value
  return {
    memberEpoch,
    previousMemberEpoch,
    state: states.find(([, code]) => code === value.state)?.[0] ?? 'UNKNOWN',
    assigned: decodePartitions(value.assignedPartitions, memberEpoch),
    pendingRevocation: decodePartitions(value.partitionsPendingRevocation, memberEpoch),
  }
}

interface EncodedPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
  readonly assignmentEpochs: readonly number[] | null
}

/** Kafkas before 4.2 did not keep the epoch of each. */
function decodePartitions(topics: readonly EncodedPartitions[], memberEpoch: number): EpochAssignment {
  const fallback = Math.max(memberEpoch, 0)
  return new Map(
    topics.map(({ topicId, partitions, assignmentEpochs: epochs }) => {
      const isWhole = epochs !== null && epochs.length === partitions.length
      const known = partitions.map((partition, i): [number, number] => [
        partition,
        isWhole ? (epochs[i] ?? fallback) : fallback,
      ])
      return [topicId, new Map(known)]
    }),
  )
}

function decodeRegex(bytes: Buffer): ResolvedRegex {
  const { topics, version, timestamp } = consumerGroupRegularExpression.value.decodeFramed(bytes).value
  return { topics: new Set(topics), version: Number(version), timestampMs: Number(timestamp) }
}
