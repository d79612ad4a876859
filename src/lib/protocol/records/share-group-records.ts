import { array } from '../../schema/array.ts'
import { int8, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** Share groups of KIP-932 in `__consumer_offsets`. */

export const shareGroupPartitionMetadata = coordinatorRecord({
  name: 'ShareGroupPartitionMetadata',
  type: 9,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    initializedTopics: array({
      topicId: uuid,
      topicName: string,
      partitions: array(int32),
    }),
    deletingTopics: array({
      topicId: uuid,
      topicName: string,
    }),
  },
})

export const shareGroupMemberMetadata = coordinatorRecord({
  name: 'ShareGroupMemberMetadata',
  type: 10,
  key: {
    groupId: string,
    memberId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    rackId: string.nullable(),
    clientId: string,
    clientHost: string,
    subscribedTopicNames: array(string),
  },
})

export const shareGroupMetadata = coordinatorRecord({
  name: 'ShareGroupMetadata',
  type: 11,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    epoch: int32,
    metadataHash: int64,
  },
})

export const shareGroupTargetAssignmentMetadata = coordinatorRecord({
  name: 'ShareGroupTargetAssignmentMetadata',
  type: 12,
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

export const shareGroupTargetAssignmentMember = coordinatorRecord({
  name: 'ShareGroupTargetAssignmentMember',
  type: 13,
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

export const shareGroupCurrentMemberAssignment = coordinatorRecord({
  name: 'ShareGroupCurrentMemberAssignment',
  type: 14,
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
    }),
  },
})

export const shareGroupStatePartitionMetadata = coordinatorRecord({
  name: 'ShareGroupStatePartitionMetadata',
  type: 15,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    initializingTopics: array({
      topicId: uuid,
      topicName: string,
      partitions: array(int32),
    }),
    initializedTopics: array({
      topicId: uuid,
      topicName: string,
      partitions: array(int32),
    }),
    deletingTopics: array({
      topicId: uuid,
      topicName: string,
    }),
  },
})
