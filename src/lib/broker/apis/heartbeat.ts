import { heartbeat as heartbeatApi } from '../../protocol/apis/heartbeat.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { handler } from './handler.ts'

export const heartbeat = handler(heartbeatApi, (request, { node }) => {
  const { groupId, generationId: generation, memberId, groupInstanceId } = request
  return { errorCode: errorCodes[node.groups.heartbeat({ groupId, generation, memberId, groupInstanceId })] }
})
