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
    generationIdOrMemberEpoch: int32.since(1).default(-1).ignorable(),
    memberId: string.since(1).ignorable(),
    groupInstanceId: string.since(7).nullable().default(null),
    retentionTimeMs: int64.since(2).until(4).default(-1n).ignorable(),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({
        partitionIndex: int32,
        committedOffset: int64,
        commitTimestamp: int64.since(1).until(1).default(-1n),
        committedLeaderEpoch: int32.since(6).default(-1).ignorable(),
        committedMetadata: string.nullable(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    topics: array({
      name: string.until(9).ignorable(),
      topicId: uuid.since(10).ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16,
      }),
    }),
  },
})
