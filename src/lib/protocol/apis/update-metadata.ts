import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const updateMetadata = api({
  key: 6,
  name: 'UpdateMetadata',
  versions: '0-8',
  dropped: '0-8',
  flexible: 6,
  listeners: ['zkBroker'],
  request: {
    controllerId: int32,
    isKRaftController: bool.since(8),
    type: int8.since(8).tagged(0),
    controllerEpoch: int32,
    brokerEpoch: int64.since(5).default(-1n).ignorable(),
    ungroupedPartitionStates: array({
      topicName: string,
      partitionIndex: int32,
      controllerEpoch: int32,
      leader: int32,
      leaderEpoch: int32,
      isr: array(int32),
      zkVersion: int32,
      replicas: array(int32),
      offlineReplicas: array(int32).since(4).ignorable(),
    }).until(4),
    topicStates: array({
      topicName: string,
      topicId: uuid.since(7).ignorable(),
      partitionStates: array({
        partitionIndex: int32,
        controllerEpoch: int32,
        leader: int32,
        leaderEpoch: int32,
        isr: array(int32),
        zkVersion: int32,
        replicas: array(int32),
        offlineReplicas: array(int32),
      }),
    }).since(5),
    liveBrokers: array({
      id: int32,
      v0Host: string.until(0).ignorable(),
      v0Port: int32.until(0).ignorable(),
      endpoints: array({
        port: int32,
        host: string,
        listener: string.since(3).ignorable(),
        securityProtocol: int16,
      })
        .since(1)
        .ignorable(),
      rack: string.since(2).nullable().ignorable(),
    }),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
  },
})
