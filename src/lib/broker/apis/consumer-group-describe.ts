import type { ResponseOf } from '../../protocol/api.ts'
import { consumerGroupDescribe as consumerGroupDescribeApi } from '../../protocol/apis/consumer-group-describe.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { GROUP_OPERATIONS, NOT_ASKED } from './authorized-operations.ts'
import { servesConsumerGroups } from './consumer-groups.ts'
import { handler } from './handler.ts'

type Described = NonNullable<ResponseOf<typeof consumerGroupDescribeApi>['groups']>[number]

export const consumerGroupDescribe = handler(consumerGroupDescribeApi, (request, { node }) => {
  const authorizedOperations = request.includeAuthorizedOperations ? GROUP_OPERATIONS : NOT_ASKED
  const groups = node.groups.sorted(request.groupIds).map((groupId) => {
    const described = describe(groupId, node)
    return described.errorCode === 0 ? { ...described, authorizedOperations } : described
  })
  return { groups }
})

function describe(groupId: string, node: Node): Described {
  try {
    if (!servesConsumerGroups(node)) throw new ApiError('UNSUPPORTED_VERSION')
    const { members, ...group } = node.groups.describeConsumers(groupId)
    return { errorCode: 0, groupId, ...group, members: [...members] }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message === '' ? null : cause.message, groupId }
  }
}
