import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const stopReplica = api({
  key: 5,
  name: 'StopReplica',
  versions: '0-4',
  dropped: '0-4',
  flexible: 2,
  listeners: ['zkBroker'],
  request: {
    controllerId: int32,
    isKRaftController: bool.since(4),
    controllerEpoch: int32,
    brokerEpoch: int64.since(1).default(-1n).ignorable(),
    deletePartitions: bool.until(2),
    ungroupedPartitions: array({
      topicName: string,
      partitionIndex: int32,
    }).until(0),
    topics: array({
      name: string,
      partitionIndexes: array(int32),
    })
      .since(1)
      .until(2),
    topicStates: array({
      topicName: string,
      partitionStates: array({
        partitionIndex: int32,
        leaderEpoch: int32.default(-1),
        deletePartition: bool,
      }),
    }).since(3),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    partitionErrors: array({
      topicName: string,
      partitionIndex: int32,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    }),
  },
})
