import type { ResponseOf } from '../../protocol/api.ts'
import { describeCluster as describeClusterApi } from '../../protocol/apis/describe-cluster.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { NOT_ASKED, operationsOnCluster } from './authorized-operations.ts'
import { handler } from './handler.ts'

type Response = ResponseOf<typeof describeClusterApi>

const BROKERS = 1
const CONTROLLERS = 2

export const describeCluster = handler(describeClusterApi, (request, context): Response => {
  const { node, connection } = context
  if (request.endpointType !== BROKERS) return wrongType(request.endpointType)
  const { id, clusterId, endpoints, configs } = node
  const endpoint = endpoints.get(connection.listenerName)
  const rack = configs.optional('broker.rack')
  return {
    clusterId,
    controllerId: id,
    brokers: endpoint === undefined ? [] : [{ brokerId: id, ...endpoint, rack }],
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
      ? operationsOnCluster(context)
      : NOT_ASKED,
  }
})

function wrongType(type: number): Response {
  if (type !== CONTROLLERS) {
    const errorMessage = `Unsupported endpoint type ${type}`
    return { errorCode: errorCodes.UNSUPPORTED_ENDPOINT_TYPE, errorMessage }
  }
  const errorMessage =
    'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER'
  return { errorCode: errorCodes.MISMATCHED_ENDPOINT_TYPE, errorMessage }
}
