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
  // Versions 0 to 2 are refused, but old librdkafka compresses nothing unless it sees them (KAFKA-18659).
  advertised: '0-13',
  request: {
    transactionalId: string.since(3).nullable().default(null).about('Null outside transactions.'),
    acks: int16.about(
      '-1 waits for all in-sync replicas, 1 for the leader, 0 for nobody: then no response is sent.',
    ),
    timeoutMs: int32.about('How long the leader may wait for its followers.'),
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
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        baseOffset: int64.about('The offset that the first record got.'),
        logAppendTimeMs: int64
          .since(2)
          .default(-1n)
          .ignorable()
          .about('-1 unless the topic stamps records itself.'),
        logStartOffset: int64.since(5).default(-1n).ignorable().about('-1 where it is not known.'),
        recordErrors: array({
          batchIndex: int32,
          batchIndexErrorMessage: string.nullable().default(null),
        })
          .since(8)
          .ignorable()
          .about('Which records made the broker refuse the whole batch.'),
        errorMessage: string
          .since(8)
          .nullable()
          .default(null)
          .ignorable()
          .about('What the broker adds to the error code.'),
        currentLeader: struct({
          leaderId: int32.default(-1),
          leaderEpoch: int32.default(-1),
        })
          .since(10)
          .tagged(0),
      }),
    }),
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
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
