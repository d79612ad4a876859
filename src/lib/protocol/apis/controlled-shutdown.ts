import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const controlledShutdown = api({
  key: 7,
  name: 'ControlledShutdown',
  versions: '0-3',
  dropped: '0-3',
  flexible: 3,
  listeners: ['zkBroker', 'controller'],
  // Version 0 is older than client ids.
  headers: { request: (version) => (version === 0 ? 0 : undefined) },
  request: {
    brokerId: int32,
    brokerEpoch: int64.since(2).default(-1n).ignorable(),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    remainingPartitions: array({
      topicName: string,
      partitionIndex: int32,
    }),
  },
})
