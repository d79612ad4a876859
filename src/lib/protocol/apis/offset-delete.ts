import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const offsetDelete = api({
  key: 47,
  name: 'OffsetDelete',
  versions: '0',
  listeners: ['broker'],
  request: {
    groupId: string,
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
      }),
    }),
  },
  response: {
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    topics: array({
      name: string,
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      }),
    }),
  },
})
