import { type AclOperation, aclWordId, operationsOfResources } from '../../model/acls.ts'
import { type Asking, CLUSTER, isAuthorized, isAuthorizedOnCluster } from './authorize.ts'

const all = {
  TOPIC: bitsOf(operationsOfResources.TOPIC),
  GROUP: bitsOf(operationsOfResources.GROUP),
  CLUSTER: bitsOf(operationsOfResources.CLUSTER),
}

/** Nobody asked. */
export const NOT_ASKED = -0x8000_0000

/** A bit for each operation that whoever asks may do. */
export function authorizedOperations(context: Asking, type: keyof typeof all, name: string): number {
  if (context.node.authorizer === null) return all[type]
  return bitsOf(
    operationsOfResources[type].filter((operation) => isAuthorized(context, operation, type, name, true)),
  )
}

/** Who may not even describe the cluster is told that he may do nothing. */
export function operationsOnCluster(context: Asking): number {
  return isAuthorizedOnCluster(context, 'DESCRIBE') ? authorizedOperations(context, 'CLUSTER', CLUSTER) : 0
}

function bitsOf(some: readonly AclOperation[]): number {
  return some.reduce((bits, operation) => bits | (1 << aclWordId('operation', operation)), 0)
}
