import { deleteGroups as deleteGroupsApi } from '../../protocol/apis/delete-groups.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'

export const deleteGroups = handler(deleteGroupsApi, async (request, { node }) => {
  const results: { groupId: string; errorCode: number }[] = []
  for (const groupId of node.groups.sorted([...new Set(request.groupsNames)])) {
    results.push({ groupId, errorCode: errorCodes[await attempt(node, groupId)] })
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
