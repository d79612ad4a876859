import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const deleteShareGroupOffsets = api({
  key: 92,
  name: 'DeleteShareGroupOffsets',
  versions: '0',
  flexible: 0,
  listeners: ['broker'],
  request: {
    groupId: string,
    topics: array({
      topicName: string,
    }),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
    responses: array({
      topicName: string,
      topicId: uuid,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.nullable().default(null).about('What the broker adds to the error code.'),
    }),
  },
})
