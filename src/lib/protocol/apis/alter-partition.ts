import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const alterPartition = api({
  key: 56,
  name: 'AlterPartition',
  versions: '0-3',
  dropped: '0-1',
  flexible: 0,
  listeners: ['controller'],
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    topics: array({
      topicName: string.until(1).ignorable(),
      topicId: uuid.since(2).ignorable(),
      partitions: array({
        partitionIndex: int32,
        leaderEpoch: int32,
        newIsr: array(int32).until(2),
        newIsrWithEpochs: array({
          brokerId: int32,
          brokerEpoch: int64.default(-1n),
        }).since(3),
        leaderRecoveryState: int8.since(1),
        partitionEpoch: int32,
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    topics: array({
      topicName: string.until(1).ignorable(),
      topicId: uuid.since(2).ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        leaderId: int32,
        leaderEpoch: int32,
        isr: array(int32),
        leaderRecoveryState: int8.since(1).ignorable(),
        partitionEpoch: int32,
      }),
    }),
  },
})
