import { ApiError } from '../api-error.ts'
import { levelAs } from '../as-version.ts'
import type { Node } from '../node.ts'

type Served = Pick<Node, 'asVersion' | 'controller' | 'configs'>

/** The cluster has agreed on such groups, and this broker is not told otherwise. */
export function servesConsumerGroups(node: Served): boolean {
  const isOn = node.configs.list('group.coordinator.rebalance.protocols').includes('consumer')
  return isOn && levelAs(node, 'group.version') > 0
}

export function mustServeConsumerGroups(node: Served): void {
  if (!servesConsumerGroups(node)) throw new ApiError('UNSUPPORTED_VERSION')
}
