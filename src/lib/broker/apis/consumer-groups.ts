import type { Node } from '../node.ts'

/** The cluster has agreed on it, and this broker is not told otherwise. */
export function servesConsumerGroups({ controller, configs }: Pick<Node, 'controller' | 'configs'>): boolean {
  const isOn = configs.list('group.coordinator.rebalance.protocols').includes('consumer')
  return isOn && controller.featureLevel('group.version') > 0
}
