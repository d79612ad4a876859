import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { joinGroup as joinGroupApi } from '../../protocol/apis/join-group.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { type JoinAnswer, refusedJoin } from '../coordinators/group/group-answers.ts'
import type { JoinWish } from '../coordinators/group/joins.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { whileConnected } from './while-connected.ts'

const KNOWN_ID_SINCE = 4
const NO_PROTOCOL_SINCE = 7
const SKIPPING_SINCE = 9

type Response = ResponseOf<typeof joinGroupApi>

export const joinGroup = handler(joinGroupApi, (request, context) => {
  if (!isAuthorized(context, 'READ', 'GROUP', request.groupId)) {
    return response(refusedJoin('GROUP_AUTHORIZATION_FAILED', ''), context.version)
  }
  return whileConnected(
    context.connection,
    (send) => context.node.groups.join(wishOf(request, context), send),
    (answer: JoinAnswer) => response(answer, context.version),
  )
})

function wishOf(request: RequestOf<typeof joinGroupApi>, context: RequestContext): JoinWish {
  const { groupId, memberId, groupInstanceId, protocolType, sessionTimeoutMs } = request
  // Version 0 has no time-out of its own for a rebalance.
  const rebalanceTimeoutMs =
    context.version === 0 && request.rebalanceTimeoutMs < 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs
  return {
    ...{ groupId, memberId, groupInstanceId, protocolType, sessionTimeoutMs, rebalanceTimeoutMs },
    clientId: context.clientId ?? '',
    clientHost: `/${context.connection.peerHost}`,
    // They outlive the request, whose bytes are many more than theirs.
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
    mustKnowItsId: context.version >= KNOWN_ID_SINCE,
    maySkipAssignment: context.version >= SKIPPING_SINCE,
    mayDescribe: authorization(context, 'DESCRIBE', 'TOPIC', true),
  }
}

function response(answer: JoinAnswer, version: number): Response {
  const { memberId, generation, protocolType, protocol, leader, skipAssignment, members } = answer
  return {
    errorCode: errorCodes[answer.error],
    generationId: generation,
    protocolType,
    protocolName: version < NO_PROTOCOL_SINCE ? (protocol ?? '') : protocol,
    ...{ leader, skipAssignment, memberId, members },
  }
}
