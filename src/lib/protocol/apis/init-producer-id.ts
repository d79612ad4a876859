import { bool, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const initProducerId = api({
  key: 22,
  name: 'InitProducerId',
  versions: '0-6',
  unstable: 6,
  flexible: 2,
  listeners: ['broker'],
  request: {
    transactionalId: string.nullable(),
    transactionTimeoutMs: int32.about('The coordinator aborts a transaction that is open for longer.'),
    producerId: int64.since(3).default(-1n).about('-1 asks for a new one; otherwise the epoch is raised.'),
    producerEpoch: int16.since(3).default(-1),
    enable2Pc: bool.since(6),
    keepPreparedTxn: bool.since(6).about('Leave a prepared transaction as it is (KIP-939).'),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    producerId: int64.default(-1n),
    producerEpoch: int16,
    ongoingTxnProducerId: int64.since(6).default(-1n),
    ongoingTxnProducerEpoch: int16.since(6).default(-1),
  },
})
