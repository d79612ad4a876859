import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const shareGroupHeartbeat = api({
  key: 76,
  name: 'ShareGroupHeartbeat',
  versions: '0-1',
  dropped: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    groupId: string,
    memberId: string,
    memberEpoch: int32,
    rackId: string.nullable().default(null),
    subscribedTopicNames: array(string).nullable().default(null),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
    memberId: string.nullable().default(null),
    memberEpoch: int32,
    heartbeatIntervalMs: int32,
    assignment: struct({
      topicPartitions: array({
        topicId: uuid,
        partitions: array(int32),
      }),
    })
      .nullable()
      .default(null),
  },
})
