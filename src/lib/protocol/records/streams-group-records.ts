import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** Streams groups of KIP-1071 in `__consumer_offsets`. */

export const streamsGroupMetadata = coordinatorRecord({
  name: 'StreamsGroupMetadata',
  type: 17,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    epoch: int32,
    metadataHash: int64,
    validatedTopologyEpoch: int32.default(-1).tagged(0),
    lastAssignmentConfigs: array({
      key: string,
      value: string,
    })
      .nullable()
      .tagged(1),
  },
})

export const streamsGroupMemberMetadata = coordinatorRecord({
  name: 'StreamsGroupMemberMetadata',
  type: 19,
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
    rebalanceTimeoutMs: int32.default(-1),
    topologyEpoch: int32,
    processId: string,
    userEndpoint: struct({
      host: string,
      port: uint16,
    })
      .nullable()
      .default(null),
    clientTags: array({
      key: string,
      value: string,
    }),
  },
})

export const streamsGroupTargetAssignmentMetadata = coordinatorRecord({
  name: 'StreamsGroupTargetAssignmentMetadata',
  type: 20,
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

export const streamsGroupTargetAssignmentMember = coordinatorRecord({
  name: 'StreamsGroupTargetAssignmentMember',
  type: 21,
  key: {
    groupId: string,
    memberId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    activeTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    }),
    standbyTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    }),
    warmupTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    }),
  },
})

export const streamsGroupCurrentMemberAssignment = coordinatorRecord({
  name: 'StreamsGroupCurrentMemberAssignment',
  type: 22,
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
    activeTasks: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    standbyTasks: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    warmupTasks: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    activeTasksPendingRevocation: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    standbyTasksPendingRevocation: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
    warmupTasksPendingRevocation: array({
      subtopologyId: string,
      partitions: array(int32),
      assignmentEpochs: array(int32).nullable().tagged(0),
    }),
  },
})

export const streamsGroupTopology = coordinatorRecord({
  name: 'StreamsGroupTopology',
  type: 23,
  key: {
    groupId: string,
  },
  versions: '0',
  flexible: 0,
  value: {
    epoch: int32,
    subtopologies: array({
      subtopologyId: string,
      sourceTopics: array(string),
      sourceTopicRegex: array(string),
      stateChangelogTopics: array({
        name: string,
        partitions: int32,
        replicationFactor: int16,
        topicConfigs: array({
          key: string,
          value: string,
        }),
      }),
      repartitionSinkTopics: array(string),
      repartitionSourceTopics: array({
        name: string,
        partitions: int32,
        replicationFactor: int16,
        topicConfigs: array({
          key: string,
          value: string,
        }),
      }),
      copartitionGroups: array({
        sourceTopics: array(int16),
        sourceTopicRegex: array(int16),
        repartitionSourceTopics: array(int16),
      }),
    }),
  },
})
