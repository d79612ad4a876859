import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const deleteGroups = api({
  key: 42,
  name: 'DeleteGroups',
  versions: '0-2',
  flexible: 2,
  listeners: ['broker'],
  request: {
    groupsNames: array(string),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    results: array({
      groupId: string,
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    }),
  },
})
