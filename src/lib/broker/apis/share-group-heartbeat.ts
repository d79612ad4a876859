import { isJavaBlank } from '../../bytes/java-blank.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { shareGroupHeartbeat as heartbeatApi } from '../../protocol/apis/share-group-heartbeat.ts'
import { ApiError } from '../api-error.ts'
import { topicPartitionsOf } from '../coordinators/group/modern/assignment.ts'
import { isAuthorized } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { checkMemberId, mustServeShareGroups } from './share-requests.ts'

type Request = RequestOf<typeof heartbeatApi>

const LEAVES = -1

export const shareGroupHeartbeat = handler(heartbeatApi, async (request, context) => {
  const { node, connection, clientId } = context
  try {
    checkAuthorized(request, context)
    checkRequest(request)
    const { subscribedTopicNames: topics, groupId, memberId, memberEpoch, rackId } = request
    const { assignment, ...beat } = await node.shareMembers.heartbeat({
      ...{ groupId, memberId, memberEpoch, rackId, topics },
      clientId: clientId ?? '',
      clientHost: `/${connection.peerHost}`,
    })
    return { ...beat, assignment: assignment && { topicPartitions: topicPartitionsOf(assignment) } }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message || null }
  }
})

function checkAuthorized(
  { groupId, memberId, subscribedTopicNames }: Request,
  context: RequestContext,
): void {
  mustServeShareGroups(context.node)
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
  checkMemberId(memberId)
  for (const topic of subscribedTopicNames ?? []) {
    if (!isAuthorized(context, 'DESCRIBE', 'TOPIC', topic)) throw new ApiError('TOPIC_AUTHORIZATION_FAILED')
  }
}

function checkRequest({ memberId, groupId, rackId, memberEpoch, subscribedTopicNames }: Request): void {
  mustNotBeBlank(memberId, 'MemberId')
  mustNotBeBlank(groupId, 'GroupId')
  mustNotBeBlank(rackId, 'RackId')
  if (memberEpoch < LEAVES) throw new ApiError('INVALID_REQUEST', 'MemberEpoch is invalid.')
  if (memberEpoch === 0 && (subscribedTopicNames === null || subscribedTopicNames.length === 0)) {
    throw new ApiError('INVALID_REQUEST', 'SubscribedTopicNames must be set in first request.')
  }
}

function mustNotBeBlank(value: string | null, name: string): void {
  if (value != null && isJavaBlank(value)) throw new ApiError('INVALID_REQUEST', `${name} can't be empty.`)
}
