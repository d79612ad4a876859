import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const offsetForLeaderEpoch = api({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '0-4',
  dropped: '0-1',
  flexible: 4,
  listeners: ['broker'],
  request: {
    replicaId: int32
      .since(3)
      .default(-2)
      .ignorable()
      .about('-1 for a consumer, -2 for a debugging consumer.'),
    topics: array({
      topic: string,
      partitions: array({
        partition: int32,
        currentLeaderEpoch: int32.since(2).default(-1).ignorable(),
        leaderEpoch: int32,
      }),
    }),
  },
  response: {
    throttleTimeMs: int32
      .since(2)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      topic: string,
      partitions: array({
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        partition: int32,
        leaderEpoch: int32.since(1).default(-1).ignorable(),
        endOffset: int64
          .default(-1n)
          .about('Where the epoch ended: the next epoch’s first offset, or the log end.'),
      }),
    }),
  },
})
