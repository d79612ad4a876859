import { consumerGroupHeartbeat as consumerGroupHeartbeatApi } from '../../protocol/apis/consumer-group-heartbeat.ts'
import { ApiError } from '../api-error.ts'
import { servesConsumerGroups } from './consumer-groups.ts'
import { handler } from './handler.ts'

export const consumerGroupHeartbeat = handler(
  consumerGroupHeartbeatApi,
  async (request, { node, version, clientId, connection }) => {
    try {
      if (!servesConsumerGroups(node)) throw new ApiError('UNSUPPORTED_VERSION')
      const said = {
        ...request,
        clientId: clientId ?? '',
        clientHost: `/${connection.peerHost}`,
        mayDescribe: () => true,
      }
      const { assignment, ...answer } = await node.groups.consumerHeartbeat(said, version)
      return { ...answer, assignment: assignment && { topicPartitions: [...assignment] } }
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      return { errorCode: cause.code, errorMessage: cause.message === '' ? null : cause.message }
    }
  },
)
