import { array } from '../../schema/array.ts'
import { bool, int16, int32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const metadata = api({
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: 9,
  listeners: ['broker'],
  request: {
    topics: array({
      topicId: uuid.since(10).ignorable().about('Instead of a name, from version 12 on.'),
      name: string.nullable(10),
    })
      .nullable(1)
      .about('Null asks for all topics; in version 0 an empty list does.'),
    allowAutoTopicCreation: bool.since(4).default(true),
    includeClusterAuthorizedOperations: bool.since(8).until(10),
    includeTopicAuthorizedOperations: bool.since(8),
  },
  response: {
    throttleTimeMs: int32
      .since(3)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    brokers: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.since(1).nullable().default(null).ignorable(),
    }),
    clusterId: string.since(2).nullable().default(null).ignorable(),
    controllerId: int32
      .since(1)
      .default(-1)
      .ignorable()
      .about('-1 where unknown; with KRaft any live broker may be named.'),
    topics: array({
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      name: string.nullable(12),
      topicId: uuid.since(10).ignorable(),
      isInternal: bool.since(1).ignorable(),
      partitions: array({
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        partitionIndex: int32,
        leaderId: int32.about('-1 where there is no leader.'),
        leaderEpoch: int32.since(7).default(-1).ignorable(),
        replicaNodes: array(int32),
        isrNodes: array(int32).about('Replicas that keep up with the leader.'),
        offlineReplicas: array(int32).since(5).ignorable().about('Replicas on dead brokers or failed disks.'),
      }),
      topicAuthorizedOperations: int32
        .since(8)
        .default(-0x8000_0000)
        .about('A bit per operation, if they were asked for.'),
    }),
    clusterAuthorizedOperations: int32
      .since(8)
      .until(10)
      .default(-0x8000_0000)
      .about('A bit per operation, if they were asked for.'),
    errorCode: int16.since(13).ignorable().about('See `ktool protocol errors`; 0 is none.'),
  },
})
