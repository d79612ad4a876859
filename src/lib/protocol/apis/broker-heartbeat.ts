import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64 } from '../../schema/numbers.ts'
import { uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const brokerHeartbeat = api({
  key: 63,
  name: 'BrokerHeartbeat',
  versions: '0-2',
  flexible: 0,
  listeners: ['controller'],
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    currentMetadataOffset: int64,
    wantFence: bool,
    wantShutDown: bool,
    offlineLogDirs: array(uuid).since(1).tagged(0),
    cordonedLogDirs: array(uuid).since(2).nullable().default(null).tagged(1),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    isCaughtUp: bool,
    isFenced: bool.default(true),
    shouldShutDown: bool,
  },
})
