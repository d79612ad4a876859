import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const offsetCommit = api({
  key: 8,
  name: 'OffsetCommit',
  versions: '0-10',
  dropped: '0-1',
  flexible: 8,
  listeners: ['broker'],
  request: {
    groupId: string,
    generationIdOrMemberEpoch: int32
      .since(1)
      .default(-1)
      .ignorable()
      .about(
        'Classic groups give their generation, consumer groups the member epoch; -1 commits from outside.',
      ),
    memberId: string.since(1).ignorable(),
    groupInstanceId: string.since(7).nullable().default(null),
    retentionTimeMs: int64.since(2).until(4).default(-1n).ignorable().about('-1 leaves it to the broker.'),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        commitTimestamp: int64.since(1).until(1).default(-1n),
        committedLeaderEpoch: int32
          .since(6)
          .default(-1)
          .ignorable()
          .about('Epoch of the last record consumed; -1 where unknown.'),
        committedMetadata: string.nullable().about('Any text of the client.'),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32
      .since(3)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      }),
    }),
  },
})
