import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const offsetFetch = api({
  key: 9,
  name: 'OffsetFetch',
  versions: '0-10',
  dropped: '0',
  flexible: 6,
  listeners: ['broker'],
  request: {
    groupId: string.until(7),
    topics: array({
      name: string,
      partitionIndexes: array(int32),
    })
      .until(7)
      .nullable(2),
    groups: array({
      groupId: string,
      memberId: string.since(9).nullable().default(null).ignorable(),
      memberEpoch: int32.since(9).default(-1).ignorable(),
      topics: array({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitionIndexes: array(int32),
      }).nullable(),
    }).since(8),
    requireStable: bool
      .since(7)
      .about('Refuse partitions whose offsets an open transaction is about to change.'),
  },
  response: {
    throttleTimeMs: int32
      .since(3)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64.about('-1 where nothing is committed.'),
        committedLeaderEpoch: int32
          .since(5)
          .default(-1)
          .ignorable()
          .about('Epoch of the last record consumed; -1 where unknown.'),
        metadata: string.nullable(),
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      }),
    }).until(7),
    errorCode: int16.since(2).until(7).ignorable().about('See `ktool protocol errors`; 0 is none.'),
    groups: array({
      groupId: string,
      topics: array({
        name: string.until(9).ignorable(),
        topicId: uuid.since(10).ignorable(),
        partitions: array({
          partitionIndex: int32,
          committedOffset: int64.about('-1 where nothing is committed.'),
          committedLeaderEpoch: int32
            .default(-1)
            .about('Epoch of the last record consumed; -1 where unknown.'),
          metadata: string.nullable(),
          errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        }),
      }),
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    }).since(8),
  },
})
