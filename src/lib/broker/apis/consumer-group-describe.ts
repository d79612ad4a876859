import type { ResponseOf } from '../../protocol/api.ts'
import { consumerGroupDescribe as consumerGroupDescribeApi } from '../../protocol/apis/consumer-group-describe.ts'
import { ApiError } from '../api-error.ts'
import type { DescribedConsumerGroup } from '../coordinators/group/consumer/describe-consumer-group.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { GROUP_OPERATIONS, NOT_ASKED } from './authorized-operations.ts'
import { mustServeConsumerGroups } from './consumer-groups.ts'
import { handler, type RequestContext } from './handler.ts'

type Described = NonNullable<ResponseOf<typeof consumerGroupDescribeApi>['groups']>[number]

export const consumerGroupDescribe = handler(consumerGroupDescribeApi, (request, context) => {
  const authorizedOperations = request.includeAuthorizedOperations ? GROUP_OPERATIONS : NOT_ASKED
  const groups = context.node.groups.sorted(request.groupIds).map((groupId) => {
    const described = describe(groupId, context)
    return described.errorCode === 0 ? { ...described, authorizedOperations } : described
  })
  return { groups }
})

function describe(groupId: string, context: RequestContext): Described {
  const { node } = context
  try {
    mustServeConsumerGroups(node)
    if (!isAuthorized(context, 'DESCRIBE', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
    const { members, ...group } = node.groups.describeConsumers(groupId)
    mustMayKnow(members, context)
    return { errorCode: 0, groupId, ...group, members: [...members] }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message === '' ? null : cause.message, groupId }
  }
}

/** Members tell which topics there are. */
function mustMayKnow(members: DescribedConsumerGroup['members'], context: RequestContext): void {
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC')
  const topics = members.flatMap(({ subscribedTopicNames, assignment, targetAssignment }) => [
    ...subscribedTopicNames,
    ...[assignment, targetAssignment].flatMap((each) =>
      each.topicPartitions.map(({ topicName }) => topicName),
    ),
  ])
  if (topics.every(mayDescribe)) return
  throw new ApiError(
    'TOPIC_AUTHORIZATION_FAILED',
    'The group has described topic(s) that the client is not authorized to describe.',
  )
}
