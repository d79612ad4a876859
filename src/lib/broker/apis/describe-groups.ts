import type { ResponseOf } from '../../protocol/api.ts'
import { describeGroups as describeGroupsApi } from '../../protocol/apis/describe-groups.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { DescribedGroup } from '../coordinators/group/descriptions.ts'
import type { Node } from '../node.ts'
import { authorization } from './authorize.ts'
import { authorizedOperations } from './authorized-operations.ts'
import { handler } from './handler.ts'

const SAYING_NOT_FOUND_SINCE = 6

type Described = NonNullable<ResponseOf<typeof describeGroupsApi>['groups']>[number]

export const describeGroups = handler(describeGroupsApi, (request, context) => {
  const { node, version } = context
  const mayDescribe = authorization(context, 'DESCRIBE', 'GROUP')
  const hidden = request.groups.filter((groupId) => !mayDescribe(groupId))
  const groups = node.groups.sorted(request.groups.filter(mayDescribe)).map((groupId) => {
    const described = describe(groupId, node, version)
    // Operations go with an answer, and not with a refusal.
    if (described.errorCode !== 0 || !request.includeAuthorizedOperations) return described
    return { ...described, authorizedOperations: authorizedOperations(context, 'GROUP', groupId) }
  })
  return { groups: [...hidden.map((groupId) => refused(groupId, 'GROUP_AUTHORIZATION_FAILED')), ...groups] }
})

function describe(groupId: string, node: Node, version: number): Described {
  try {
    const group = node.groups.describe(groupId)
    if (group !== null) return { errorCode: 0, groupId, ...ofClassic(group) }
    if (version < SAYING_NOT_FOUND_SINCE) return { errorCode: 0, groupId, groupState: 'Dead' }
    const isOther = node.groups.isOfOtherType(groupId)
    const errorMessage = isOther ? `Group ${groupId} is not a classic group.` : `Group ${groupId} not found.`
    return { ...refused(groupId, 'GROUP_ID_NOT_FOUND'), groupState: 'Dead', errorMessage }
  } catch (cause) {
    if (cause instanceof ApiError) return refused(groupId, cause.error)
    throw cause
  }
}

function ofClassic({ state, protocolType, protocol, members }: DescribedGroup) {
  return {
    groupState: state,
    protocolType,
    protocolData: protocol,
    members: members.map(({ metadata, assignment, ...member }) => ({
      ...member,
      memberMetadata: metadata,
      memberAssignment: assignment,
    })),
  }
}

function refused(groupId: string, error: ErrorName): Described {
  return { errorCode: errorCodes[error], groupId }
}
