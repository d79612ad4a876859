import { javaHash } from '../../bytes/java-hash.ts'
import { deleteGroups as deleteGroupsApi } from '../../protocol/apis/delete-groups.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { Node } from '../node.ts'
import { authorization } from './authorize.ts'
import { handler } from './handler.ts'

export const deleteGroups = handler(deleteGroupsApi, async (request, context) => {
  const { node } = context
  const mayDelete = authorization(context, 'DELETE', 'GROUP')
  const asked = [...new Set(request.groupsNames)]
  const results: { groupId: string; errorCode: number }[] = []
  // Kafka puts them into a set on the way.
  const inSet = inJavaMapOrder(asked.filter(mayDelete), javaHash)
  for (const groupId of node.groups.sorted(inSet)) {
    results.push({ groupId, errorCode: errorCodes[await attempt(node, groupId)] })
  }
  for (const groupId of asked.filter((group) => !mayDelete(group))) {
    results.push({ groupId, errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED })
  }
  return { results }
})

async function attempt(node: Node, groupId: string): Promise<ErrorName> {
  try {
    return (await node.shareMembers.deleteGroup(groupId)) ?? (await node.groups.deleteGroup(groupId))
  } catch (cause) {
    if (cause instanceof ApiError) return cause.error
    throw cause
  }
}
