import { array } from '../../schema/array.ts'
import { int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const describeTransactions = api({
  key: 65,
  name: 'DescribeTransactions',
  versions: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    transactionalIds: array(string),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    transactionStates: array({
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      transactionalId: string,
      transactionState: string,
      transactionTimeoutMs: int32.about('The coordinator aborts a transaction that is open for longer.'),
      transactionStartTimeMs: int64,
      producerId: int64,
      producerEpoch: int16,
      topics: array({
        topic: string,
        partitions: array(int32),
      }),
    }),
  },
})
