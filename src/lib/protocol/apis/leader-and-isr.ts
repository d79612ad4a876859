import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const leaderAndIsr = api({
  key: 4,
  name: 'LeaderAndIsr',
  versions: '0-7',
  dropped: '0-7',
  flexible: 4,
  listeners: ['zkBroker'],
  request: {
    controllerId: int32,
    isKRaftController: bool.since(7),
    controllerEpoch: int32,
    brokerEpoch: int64.since(2).default(-1n).ignorable(),
    type: int8.since(5),
    ungroupedPartitionStates: array({
      topicName: string,
      partitionIndex: int32,
      controllerEpoch: int32,
      leader: int32,
      leaderEpoch: int32,
      isr: array(int32),
      partitionEpoch: int32,
      replicas: array(int32),
      isNew: bool.since(1).ignorable(),
    }).until(1),
    topicStates: array({
      topicName: string,
      topicId: uuid.since(5).ignorable(),
      partitionStates: array({
        partitionIndex: int32,
        controllerEpoch: int32,
        leader: int32,
        leaderEpoch: int32,
        isr: array(int32),
        partitionEpoch: int32,
        replicas: array(int32),
        addingReplicas: array(int32).since(3).ignorable(),
        removingReplicas: array(int32).since(3).ignorable(),
        isNew: bool,
        leaderRecoveryState: int8.since(6),
      }),
    }).since(2),
    liveLeaders: array({
      brokerId: int32,
      hostName: string,
      port: int32,
    }),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    partitionErrors: array({
      topicName: string,
      partitionIndex: int32,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    }).until(4),
    topics: array({
      topicId: uuid,
      partitionErrors: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      }),
    }).since(5),
  },
})
