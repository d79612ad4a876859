import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const streamsGroupHeartbeat = api({
  key: 88,
  name: 'StreamsGroupHeartbeat',
  versions: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    endpointInformationEpoch: int32,
    instanceId: string.nullable().default(null),
    rackId: string.nullable().default(null),
    rebalanceTimeoutMs: int32.default(-1),
    topology: struct({
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
    })
      .nullable()
      .default(null),
    activeTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    standbyTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    warmupTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    processId: string.nullable().default(null),
    userEndpoint: struct({
      host: string,
      port: uint16,
    })
      .nullable()
      .default(null),
    clientTags: array({
      key: string,
      value: string,
    })
      .nullable()
      .default(null),
    taskOffsets: array({
      subtopologyId: string,
      partition: int32,
      offset: int64,
    })
      .nullable()
      .default(null),
    taskEndOffsets: array({
      subtopologyId: string,
      partition: int32,
      offset: int64,
    })
      .nullable()
      .default(null),
    shutdownApplication: bool,
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
    memberId: string,
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    acceptableRecoveryLag: int32,
    taskOffsetIntervalMs: int32,
    status: array({
      statusCode: int8,
      statusDetail: string,
    }).nullable(),
    activeTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    standbyTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    warmupTasks: array({
      subtopologyId: string,
      partitions: array(int32),
    })
      .nullable()
      .default(null),
    endpointInformationEpoch: int32,
    partitionsByUserEndpoint: array({
      userEndpoint: struct({
        host: string,
        port: uint16,
      }),
      activePartitions: array({
        topic: string,
        partitions: array(int32),
      }),
      standbyPartitions: array({
        topic: string,
        partitions: array(int32),
      }),
    })
      .nullable()
      .default(null),
  },
})
