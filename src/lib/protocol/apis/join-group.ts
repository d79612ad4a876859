import { array } from '../../schema/array.ts'
import { bool, int16, int32 } from '../../schema/numbers.ts'
import { bytes, string } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const joinGroup = api({
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: 6,
  listeners: ['broker'],
  request: {
    groupId: string,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32
      .since(1)
      .default(-1)
      .ignorable()
      .about('How long the coordinator waits for members to rejoin; version 0 uses the session timeout.'),
    memberId: string.about('Empty on the first try; the broker answers with an id to come back with.'),
    groupInstanceId: string.since(5).nullable().default(null).about('Makes a static member (KIP-345).'),
    protocolType: string,
    protocols: array({
      name: string,
      metadata: bytes,
    }).about('Assignors that the member knows, the one it likes best first.'),
    reason: string.since(8).nullable().default(null).ignorable(),
  },
  response: {
    throttleTimeMs: int32
      .since(2)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    generationId: int32.default(-1),
    protocolType: string.since(7).nullable().default(null).ignorable(),
    protocolName: string.nullable(7),
    leader: string,
    skipAssignment: bool.since(9).about('The leader shall keep the assignment that the group has.'),
    memberId: string,
    members: array({
      memberId: string,
      groupInstanceId: string.since(5).nullable().default(null).ignorable(),
      metadata: bytes,
    }).about('Filled for the leader only: it computes the assignment.'),
  },
})
