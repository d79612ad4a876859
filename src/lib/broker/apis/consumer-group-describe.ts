import type { ResponseOf } from '../../protocol/api.ts'
import { consumerGroupDescribe as consumerGroupDescribeApi } from '../../protocol/apis/consumer-group-describe.ts'
import { ApiError } from '../api-error.ts'
import type { DescribedConsumerGroup } from '../coordinators/group/consumer/describe-consumer-group.ts'
import { authorization, unauthorized } from './authorize.ts'
import { authorizedOperations } from './authorized-operations.ts'
import { mustServeConsumerGroups, servesConsumerGroups } from './consumer-groups.ts'
import { handler, type RequestContext } from './handler.ts'

type Described = NonNullable<ResponseOf<typeof consumerGroupDescribeApi>['groups']>[number]

export const consumerGroupDescribe = handler(consumerGroupDescribeApi, (request, context) => {
  const { groups } = context.node
  const isServed = servesConsumerGroups(context.node)
  const mayDescribe = isServed ? authorization(context, 'DESCRIBE', 'GROUP') : () => true
  const hidden = request.groupIds.filter((groupId) => !mayDescribe(groupId))
  const shown = groups.sorted(request.groupIds.filter(mayDescribe)).map((groupId) => {
    const described = describe(groupId, context)
    if (described.errorCode !== 0 || !request.includeAuthorizedOperations) return described
    return { ...described, authorizedOperations: authorizedOperations(context, 'GROUP', groupId) }
  })
  const { code: errorCode } = unauthorized('GROUP')
  return { groups: [...hidden.map((groupId) => ({ groupId, errorCode })), ...shown] }
})

function describe(groupId: string, context: RequestContext): Described {
  const { node } = context
  try {
    mustServeConsumerGroups(node)
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
