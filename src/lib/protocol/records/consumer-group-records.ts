import { array } from '../../schema/array.ts'
import { int8, int32, int64 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { bytes, string, uuid } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** Consumer groups of KIP-848 in `__consumer_offsets`. */

export const consumerGroupMetadata = coordinatorRecord({
  name: 'ConsumerGroupMetadata',
  type: 3,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    epoch: int32,
    metadataHash: int64.tagged(0),
  },
})

export const consumerGroupPartitionMetadata = coordinatorRecord({
  name: 'ConsumerGroupPartitionMetadata',
  type: 4,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    topics: array({
      topicId: uuid,
      topicName: string,
      numPartitions: int32,
      partitionMetadata: array({
        partition: int32,
        racks: array(string),
      }),
    }),
  },
})

export const consumerGroupMemberMetadata = coordinatorRecord({
  name: 'ConsumerGroupMemberMetadata',
  type: 5,
  key: {
    groupId: string,
    memberId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    instanceId: string.nullable(),
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
    subscribedTopicRegex: string.nullable(),
    rebalanceTimeoutMs: int32.default(-1),
    serverAssignor: string.nullable(),
    classicMemberMetadata: struct({
      sessionTimeoutMs: int32,
      supportedProtocols: array({
        name: string,
        metadata: bytes,
      }),
    })
      .nullable()
      .tagged(0),
  },
})

export const consumerGroupTargetAssignmentMetadata = coordinatorRecord({
  name: 'ConsumerGroupTargetAssignmentMetadata',
  type: 6,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    assignmentEpoch: int32,
    assignmentTimestamp: int64.tagged(0),
  },
})

export const consumerGroupTargetAssignmentMember = coordinatorRecord({
  name: 'ConsumerGroupTargetAssignmentMember',
  type: 7,
  key: {
    groupId: string,
    memberId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    topicPartitions: array({
      topicId: uuid,
      partitions: array(int32),
    }),
  },
})

export const consumerGroupCurrentMemberAssignment = coordinatorRecord({
  name: 'ConsumerGroupCurrentMemberAssignment',
  type: 8,
  key: {
    groupId: string,
    memberId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    memberEpoch: int32,
    previousMemberEpoch: int32,
    state: int8,
    assignedPartitions: array({
      topicId: uuid,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    partitionsPendingRevocation: array({
      topicId: uuid,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
  },
})

export const consumerGroupRegularExpression = coordinatorRecord({
  name: 'ConsumerGroupRegularExpression',
  type: 16,
  key: {
    groupId: string,
    regularExpression: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    topics: array(string),
    version: int64,
    timestamp: int64,
  },
})
