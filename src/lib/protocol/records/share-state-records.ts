import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** `__share_group_state`: which records of a share partition are in flight, as snapshots and updates. */

export const shareSnapshot = coordinatorRecord({
  name: 'ShareSnapshot',
  type: 0,
  key: {
    groupId: string,
    topicId: uuid,
    partition: int32,
  },
  versions: '0',
  flexible: 0,
  value: {
    snapshotEpoch: int32,
    stateEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: int32.default(-1).tagged(0),
    createTimestamp: int64,
    writeTimestamp: int64,
    stateBatches: array({
      firstOffset: int64,
      lastOffset: int64,
      deliveryState: int8,
      deliveryCount: int16.about('How often these records have been handed out.'),
    }),
  },
})

export const shareUpdate = coordinatorRecord({
  name: 'ShareUpdate',
  type: 1,
  key: {
    groupId: string,
    topicId: uuid,
    partition: int32,
  },
  versions: '0',
  flexible: 0,
  value: {
    snapshotEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: int32.default(-1).tagged(0),
    stateBatches: array({
      firstOffset: int64,
      lastOffset: int64,
      deliveryState: int8,
      deliveryCount: int16.about('How often these records have been handed out.'),
    }),
  },
})
