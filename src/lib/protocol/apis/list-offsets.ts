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
    replicaId: int32,
    isolationLevel: int8.since(2),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        currentLeaderEpoch: int32.since(4).default(-1).ignorable(),
        timestamp: int64,
        maxNumOffsets: int32.until(0).default(1),
      }),
    }),
    timeoutMs: int32.since(10).ignorable(),
  },
  response: {
    throttleTimeMs: int32.since(2).ignorable(),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
        oldStyleOffsets: array(int64).until(0),
        timestamp: int64.since(1).default(-1n),
        offset: int64.since(1).default(-1n),
        leaderEpoch: int32.since(4).default(-1),
      }),
    }),
  },
})
