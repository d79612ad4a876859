import type { ResponseOf } from '../../protocol/api.ts'
import { syncGroup as syncGroupApi } from '../../protocol/apis/sync-group.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { refusedSync, type SyncAnswer } from '../coordinators/group/group-answers.ts'
import { isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { whileConnected } from './while-connected.ts'

const NAMING_SINCE = 5

type Response = ResponseOf<typeof syncGroupApi>

export const syncGroup = handler(syncGroupApi, (request, context) => {
  const { node, version, connection } = context
  const { groupId, generationId: generation, memberId, groupInstanceId, protocolType } = request
  const protocol = request.protocolName
  if (version >= NAMING_SINCE && (protocolType === null || protocol === null)) {
    return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
  }
  if (!isAuthorized(context, 'READ', 'GROUP', groupId))
    return response(refusedSync('GROUP_AUTHORIZATION_FAILED'))
  const assignments = new Map(
    request.assignments.map((said) => [said.memberId, Buffer.from(said.assignment)]),
  )
  const wish = { groupId, generation, memberId, groupInstanceId, protocolType, protocol, assignments }
  return whileConnected(connection, (send) => node.groups.sync(wish, send), response)
})

function response({ error, protocolType, protocol, assignment }: SyncAnswer): Response {
  return { errorCode: errorCodes[error], protocolType, protocolName: protocol, assignment }
}
