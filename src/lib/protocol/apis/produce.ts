import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { records, string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const produce = api({
  key: 0,
  name: 'Produce',
  versions: '0-13',
  dropped: '0-2',
  flexible: 9,
  listeners: ['broker'],
  request: {
    transactionalId: string.since(3).nullable().default(null),
    acks: int16,
    timeoutMs: int32,
    topicData: array({
      name: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitionData: array({
        index: int32,
        records: records.nullable(),
      }),
    }),
  },
  response: {
    responses: array({
      name: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitionResponses: array({
        index: int32,
        errorCode: int16,
        baseOffset: int64,
        logAppendTimeMs: int64.since(2).default(-1n).ignorable(),
        logStartOffset: int64.since(5).default(-1n).ignorable(),
        recordErrors: array({
          batchIndex: int32,
          batchIndexErrorMessage: string.nullable().default(null),
        })
          .since(8)
          .ignorable(),
        errorMessage: string.since(8).nullable().default(null).ignorable(),
        currentLeader: struct({
          leaderId: int32.default(-1),
          leaderEpoch: int32.default(-1),
        })
          .since(10)
          .tagged(0),
      }),
    }),
    throttleTimeMs: int32.since(1).ignorable(),
    nodeEndpoints: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.nullable().default(null),
    })
      .since(10)
      .tagged(0),
  },
})
