import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'

type Served = Pick<Node, 'controller' | 'configs'>

/** The cluster has agreed on such groups, and this broker is not told otherwise. */
export function servesConsumerGroups({ controller, configs }: Served): boolean {
  const isOn = configs.list('group.coordinator.rebalance.protocols').includes('consumer')
  return isOn && controller.featureLevel('group.version') > 0
}

export function mustServeConsumerGroups(node: Served): void {
  if (!servesConsumerGroups(node)) throw new ApiError('UNSUPPORTED_VERSION')
}
