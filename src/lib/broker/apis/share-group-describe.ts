import type { ResponseOf } from '../../protocol/api.ts'
import { shareGroupDescribe as describeApi } from '../../protocol/apis/share-group-describe.ts'
import { ApiError } from '../api-error.ts'
import { topicPartitionsOf } from '../coordinators/group/modern/assignment.ts'
import type { ShareGroup, ShareMember } from '../coordinators/group/share/share-group.ts'
import type { Node } from '../node.ts'
import { isAuthorized } from './authorize.ts'
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts'
import { mustShowTopics } from './described-topics.ts'
import { handler, type RequestContext } from './handler.ts'
import { mustServeShareGroups } from './share-requests.ts'

type Described = NonNullable<ResponseOf<typeof describeApi>['groups']>[number]

export const shareGroupDescribe = handler(describeApi, (request, context) => {
  const { node } = context
  const isAllowed = (groupId: string) => isAuthorized(context, 'DESCRIBE', 'GROUP', groupId)
  const denied = request.groupIds.filter((groupId) => !isAllowed(groupId))
  const rest = request.groupIds.filter((groupId) => !denied.includes(groupId))
  const nameless = rest.filter((groupId) => groupId === '')
  const operationsOn = (groupId: string) =>
    request.includeAuthorizedOperations ? authorizedOperations(context, 'GROUP', groupId) : NOT_ASKED
  const refused = (groupId: string, error: ConstructorParameters<typeof ApiError>[0]) => ({
    ...{ groupId, errorCode: new ApiError(error).code },
  })
  return {
    groups: [
      ...denied.map((groupId) => refused(groupId, 'GROUP_AUTHORIZATION_FAILED')),
      ...nameless.map((groupId) => refused(groupId, 'INVALID_GROUP_ID')),
      ...node.groups
        .sorted(rest.filter((groupId) => groupId !== ''))
        .map((groupId) => describe(groupId, operationsOn, context)),
    ],
  }
})

function describe(
  groupId: string,
  operationsOn: (groupId: string) => number,
  context: RequestContext,
): Described {
  const { node } = context
  try {
    mustServeShareGroups(node)
    const group = node.shareMembers.describe(groupId)
    const answer = described(group, node)
    mustShowTopics(answer.members, context)
    return { groupId, ...answer, authorizedOperations: operationsOn(groupId) }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { groupId, errorCode: cause.code, errorMessage: cause.message || null }
  }
}

function described(group: ShareGroup, node: Node) {
  return {
    groupState: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.targetEpoch,
    assignorName: 'simple',
    members: [...group.members.values()].map((member) => ofMember(member, node)),
  }
}

function ofMember(member: ShareMember, { controller }: Node) {
  const { memberId, rackId, epoch, clientId, clientHost, topics, assigned } = member
  return {
    ...{ memberId, rackId, memberEpoch: epoch, clientId, clientHost },
    subscribedTopicNames: [...topics],
    assignment: {
      topicPartitions: topicPartitionsOf(assigned).flatMap(({ topicId, partitions }) => {
        const topicName = controller.topicById(topicId)?.name
        return topicName === undefined ? [] : { topicId, topicName, partitions }
      }),
    },
  }
}
