import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const writeTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '0-2',
  dropped: '0',
  flexible: 1,
  listeners: ['broker'],
  request: {
    markers: array({
      producerId: int64,
      producerEpoch: int16,
      transactionResult: bool,
      topics: array({
        name: string,
        partitionIndexes: array(int32),
      }),
      coordinatorEpoch: int32.about(
        'Rises with each new coordinator, so that markers of an old one are refused.',
      ),
      transactionVersion: int8.since(2).ignorable(),
    }),
  },
  response: {
    markers: array({
      producerId: int64,
      topics: array({
        name: string,
        partitions: array({
          partitionIndex: int32,
          errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        }),
      }),
    }),
  },
})
