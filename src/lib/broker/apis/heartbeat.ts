import { heartbeat as heartbeatApi } from '../../protocol/apis/heartbeat.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'

export const heartbeat = handler(heartbeatApi, (request, context) => {
  const { groupId, generationId: generation, memberId, groupInstanceId } = request
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) {
    return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
  }
  const { node } = context
  return { errorCode: errorCodes[node.groups.heartbeat({ groupId, generation, memberId, groupInstanceId })] }
})
