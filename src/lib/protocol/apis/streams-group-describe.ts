import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const streamsGroupDescribe = api({
  key: 89,
  name: 'StreamsGroupDescribe',
  versions: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    groupIds: array(string),
    includeAuthorizedOperations: bool,
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    groups: array({
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
      groupId: string,
      groupState: string,
      groupEpoch: int32,
      assignmentEpoch: int32,
      topology: struct({
        epoch: int32,
        subtopologies: array({
          subtopologyId: string,
          sourceTopics: array(string),
          repartitionSinkTopics: array(string),
          stateChangelogTopics: array({
            name: string,
            partitions: int32,
            replicationFactor: int16,
            topicConfigs: array({
              key: string,
              value: string,
            }),
          }),
          repartitionSourceTopics: array({
            name: string,
            partitions: int32,
            replicationFactor: int16,
            topicConfigs: array({
              key: string,
              value: string,
            }),
          }),
        })
          .nullable()
          .default(null),
      })
        .nullable()
        .default(null),
      members: array({
        memberId: string,
        memberEpoch: int32,
        instanceId: string.nullable().default(null),
        rackId: string.nullable().default(null),
        clientId: string,
        clientHost: string,
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
        taskOffsets: array({
          subtopologyId: string,
          partition: int32,
          offset: int64,
        }),
        taskEndOffsets: array({
          subtopologyId: string,
          partition: int32,
          offset: int64,
        }),
        assignment: struct({
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
        }),
        targetAssignment: struct({
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
        }),
        isClassic: bool,
      }),
      authorizedOperations: int32.default(-0x8000_0000),
    }),
  },
})
