import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const listOffsets = api({
  key: 2,
  name: 'ListOffsets',
  versions: '0-11',
  dropped: '0',
  flexible: 6,
  listeners: ['broker'],
  request: {
    replicaId: int32.about('-1 for a client.'),
    isolationLevel: int8.since(2).about('0 read_uncommitted, 1 read_committed.'),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        currentLeaderEpoch: int32
          .since(4)
          .default(-1)
          .ignorable()
          .about('What the client believes; -1 skips the check.'),
        timestamp: int64.about(
          'Milliseconds, or -1 latest, -2 earliest, -3 largest timestamp, -4 earliest local, -5 latest tiered, -6 earliest not yet tiered.',
        ),
        maxNumOffsets: int32.until(0).default(1),
      }),
    }),
    timeoutMs: int32.since(10).ignorable(),
  },
  response: {
    throttleTimeMs: int32
      .since(2)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        oldStyleOffsets: array(int64).until(0),
        timestamp: int64.since(1).default(-1n).about('Of the record found; -1 for the special times.'),
        offset: int64.since(1).default(-1n).about('-1 where no record is that late.'),
        leaderEpoch: int32.since(4).default(-1),
      }),
    }),
  },
})
