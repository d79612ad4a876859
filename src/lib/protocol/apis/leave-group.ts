import { array } from '../../schema/array.ts'
import { int16, int32 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const leaveGroup = api({
  key: 13,
  name: 'LeaveGroup',
  versions: '0-5',
  flexible: 4,
  listeners: ['broker'],
  request: {
    groupId: string,
    memberId: string.until(2),
    members: array({
      memberId: string,
      groupInstanceId: string.nullable().default(null),
      reason: string.since(5).nullable().default(null).ignorable(),
    }).since(3),
  },
  response: {
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    members: array({
      memberId: string,
      groupInstanceId: string.nullable(),
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    }).since(3),
  },
})
