import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'

/** Throws unless the cluster has agreed on such groups, and this broker is not told otherwise. */
export function mustServeConsumerGroups({ controller, configs }: Pick<Node, 'controller' | 'configs'>): void {
  const isOn = configs.list('group.coordinator.rebalance.protocols').includes('consumer')
  if (!isOn || controller.featureLevel('group.version') === 0) throw new ApiError('UNSUPPORTED_VERSION')
}
