import type { RequestOf } from '../../protocol/api.ts'
import { consumerGroupHeartbeat as consumerGroupHeartbeatApi } from '../../protocol/apis/consumer-group-heartbeat.ts'
import { ApiError } from '../api-error.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { mustServeConsumerGroups } from './consumer-groups.ts'
import { handler, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof consumerGroupHeartbeatApi>

export const consumerGroupHeartbeat = handler(consumerGroupHeartbeatApi, async (request, context) => {
  const { node, version, clientId, connection } = context
  try {
    mustBeAuthorized(request, context)
    const said = {
      ...request,
      clientId: clientId ?? '',
      clientHost: `/${connection.peerHost}`,
      mayDescribe: authorization(context, 'DESCRIBE', 'TOPIC', true),
    }
    const { assignment, ...answer } = await node.groups.consumerHeartbeat(said, version)
    return { ...answer, assignment: assignment && { topicPartitions: [...assignment] } }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message === '' ? null : cause.message }
  }
})

function mustBeAuthorized({ groupId, subscribedTopicNames }: Request, context: RequestContext): void {
  mustServeConsumerGroups(context.node)
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC')
  if (subscribedTopicNames?.every(mayDescribe) === false) throw new ApiError('TOPIC_AUTHORIZATION_FAILED')
}
