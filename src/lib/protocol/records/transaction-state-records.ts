import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { coordinatorRecord } from '../log-record.ts'

/** `__transaction_state`: one transactional id and where its transaction stands. */

export const transactionLog = coordinatorRecord({
  name: 'TransactionLog',
  type: 0,
  key: {
    transactionalId: string,
  },
  versions: '0-1',
  flexible: 1,
  value: {
    producerId: int64,
    previousProducerId: int64.since(1).default(-1n).tagged(0),
    nextProducerId: int64.since(1).default(-1n).tagged(1),
    producerEpoch: int16,
    nextProducerEpoch: int16.since(1).default(-1).tagged(3),
    transactionTimeoutMs: int32.about('The coordinator aborts a transaction that is open for longer.'),
    transactionStatus: int8.about(
      '0 empty, 1 ongoing, 2 prepare commit, 3 prepare abort, 4 complete commit, 5 complete abort, 6 dead, 7 prepare epoch fence.',
    ),
    transactionPartitions: array({
      topic: string,
      partitionIds: array(int32),
    }).nullable(),
    transactionLastUpdateTimestampMs: int64,
    transactionStartTimestampMs: int64,
    clientTransactionVersion: int16.since(1).tagged(2),
  },
})
