import { array } from '../../schema/array.ts'
import { bool, int16, int32 } from '../../schema/numbers.ts'
import { bytes, string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const describeGroups = api({
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: 5,
  listeners: ['broker'],
  request: {
    groups: array(string),
    includeAuthorizedOperations: bool.since(3),
  },
  response: {
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    groups: array({
      errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
      errorMessage: string.since(6).nullable().default(null).about('What the broker adds to the error code.'),
      groupId: string,
      groupState: string,
      protocolType: string,
      protocolData: string,
      members: array({
        memberId: string,
        groupInstanceId: string.since(4).nullable().default(null).ignorable(),
        clientId: string,
        clientHost: string,
        memberMetadata: bytes,
        memberAssignment: bytes,
      }),
      authorizedOperations: int32.since(3).default(-0x8000_0000),
    }),
  },
})
