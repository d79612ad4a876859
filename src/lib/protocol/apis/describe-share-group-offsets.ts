import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const describeShareGroupOffsets = api({
  key: 90,
  name: 'DescribeShareGroupOffsets',
  versions: '0-1',
  flexible: 0,
  listeners: ['broker'],
  request: {
    groups: array({
      groupId: string,
      topics: array({
        topicName: string,
        partitions: array(int32),
      }).nullable(),
    }),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    groups: array({
      groupId: string,
      topics: array({
        topicName: string,
        topicId: uuid,
        partitions: array({
          partitionIndex: int32,
          startOffset: int64,
          leaderEpoch: int32,
          lag: int64.since(1).default(-1n).ignorable(),
          errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
          errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
        }),
      }),
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
    }),
  },
})
