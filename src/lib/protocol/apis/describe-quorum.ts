import { array } from '../../schema/array.ts'
import { int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const describeQuorum = api({
  key: 55,
  name: 'DescribeQuorum',
  versions: '0-2',
  flexible: 0,
  listeners: ['broker', 'controller'],
  request: {
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
      }),
    }),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.since(2).nullable().ignorable().about('What the broker adds to the error code.'),
    topics: array({
      topicName: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        errorMessage: string.since(2).nullable().ignorable().about('What the broker adds to the error code.'),
        leaderId: int32,
        leaderEpoch: int32,
        highWatermark: int64.about('Everything below it is on all in-sync replicas.'),
        currentVoters: array({
          replicaId: int32,
          replicaDirectoryId: uuid.since(2),
          logEndOffset: int64.about('-1 where unknown.'),
          lastFetchTimestamp: int64.since(1).default(-1n).ignorable(),
          lastCaughtUpTimestamp: int64.since(1).default(-1n).ignorable(),
        }),
        observers: array({
          replicaId: int32,
          replicaDirectoryId: uuid.since(2),
          logEndOffset: int64,
          lastFetchTimestamp: int64.since(1).default(-1n).ignorable(),
          lastCaughtUpTimestamp: int64.since(1).default(-1n).ignorable(),
        }),
      }),
    }),
    nodes: array({
      nodeId: int32,
      listeners: array({
        name: string,
        host: string,
        port: uint16,
      }),
    }).since(2),
  },
})
