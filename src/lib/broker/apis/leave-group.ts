import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { leaveGroup as leaveGroupApi } from '../../protocol/apis/leave-group.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Leaver, Left } from '../coordinators/group/departures.ts'
import { mustBeAuthorized } from './authorize.ts'
import { handler } from './handler.ts'

const SEVERAL_SINCE = 3

type Response = ResponseOf<typeof leaveGroupApi>

export const leaveGroup = handler(leaveGroupApi, async (request, context): Promise<Response> => {
  const { node, version } = context
  try {
    mustBeAuthorized(context, 'READ', 'GROUP', request.groupId)
    const left = await node.groups.leave(request.groupId, leaversOf(request, version))
    return version < SEVERAL_SINCE ? ofOne(left) : { members: left.map(ofMember) }
  } catch (cause) {
    if (cause instanceof ApiError) return { errorCode: cause.code }
    throw cause
  }
})

function leaversOf(request: RequestOf<typeof leaveGroupApi>, version: number): readonly Leaver[] {
  if (version < SEVERAL_SINCE) return [{ memberId: request.memberId, groupInstanceId: null }]
  return request.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId }))
}

function ofOne([left]: readonly Left[]): Response {
  return { errorCode: errorCodes[left?.error ?? 'NONE'] }
}

function ofMember({ memberId, groupInstanceId, error }: Left) {
  return { memberId, groupInstanceId, errorCode: errorCodes[error] }
}
