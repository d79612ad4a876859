import type { ConfigResourceType } from '../../log/cluster/metadata-image.ts'
import { listConfigResources as listConfigResourcesApi } from '../../protocol/apis/list-config-resources.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { resourceTypes } from '../configs/config-resources.ts'
import type { Controller } from '../controller/controller.ts'
import type { Node } from '../node.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

/** What may have settings of its own, in the order of Kafka's answers. */
const listed: readonly { readonly type: number; readonly names: (node: Node) => readonly string[] }[] = [
  { type: resourceTypes.group, names: ({ controller }) => withConfigs(controller, 'group') },
  { type: resourceTypes.clientMetrics, names: ({ controller }) => withConfigs(controller, 'client-metrics') },
  { type: resourceTypes.brokerLogger, names: ({ id }) => [String(id)] },
  { type: resourceTypes.broker, names: ({ id }) => [String(id)] },
  { type: resourceTypes.topic, names: ({ controller }) => controller.topics().map(({ name }) => name) },
]

export const listConfigResources = handler(listConfigResourcesApi, (request, context) => {
  const { node, version } = context
  if (!isAuthorizedOnCluster(context, 'DESCRIBE_CONFIGS')) {
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED }
  }
  const wanted = new Set(version === 0 ? [resourceTypes.clientMetrics] : request.resourceTypes)
  const isKnown = (type: number) => listed.some((each) => each.type === type)
  if (![...wanted].every(isKnown)) return { errorCode: errorCodes.UNSUPPORTED_VERSION }
  return {
    configResources: listed
      .filter(({ type }) => wanted.size === 0 || wanted.has(type))
      .flatMap(({ type, names }) =>
        names(node).map((resourceName) => ({ resourceName, resourceType: type })),
      ),
  }
})

function withConfigs(controller: Controller, type: ConfigResourceType): readonly string[] {
  const resources = controller.image().configs.get(type) ?? new Map<string, ReadonlyMap<string, string>>()
  return [...resources].flatMap(([name, configs]) => (configs.size === 0 ? [] : [name]))
}
