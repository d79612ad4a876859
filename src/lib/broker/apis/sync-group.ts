import type { ResponseOf } from '../../protocol/api.ts'
import { syncGroup as syncGroupApi } from '../../protocol/apis/sync-group.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { SyncAnswer } from '../coordinators/group/group-answers.ts'
import { handler } from './handler.ts'
import { whileConnected } from './while-connected.ts'

const NAMING_SINCE = 5

type Response = ResponseOf<typeof syncGroupApi>

export const syncGroup = handler(syncGroupApi, (request, { node, version, connection }) => {
  const { groupId, generationId: generation, memberId, groupInstanceId, protocolType } = request
  const protocol = request.protocolName
  if (version >= NAMING_SINCE && (protocolType === null || protocol === null)) {
    return { errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL }
  }
  const assignments = new Map(
    request.assignments.map((said) => [said.memberId, Buffer.from(said.assignment)]),
  )
  const wish = { groupId, generation, memberId, groupInstanceId, protocolType, protocol, assignments }
  return whileConnected(connection, (send) => node.groups.sync(wish, send), response)
})

function response({ error, protocolType, protocol, assignment }: SyncAnswer): Response {
  return { errorCode: errorCodes[error], protocolType, protocolName: protocol, assignment }
}
