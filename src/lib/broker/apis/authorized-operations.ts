import { type AclOperation, aclWordId } from '../../model/acls.ts'
import { type Asking, CLUSTER, isAuthorized, isAuthorizedOnCluster } from './authorize.ts'

/** What can be done to things of each type. */
const operations = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DELETE', 'DESCRIBE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: [
    'CREATE',
    'ALTER',
    'DESCRIBE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
  ],
} as const satisfies Readonly<Record<string, readonly AclOperation[]>>

const all = {
  TOPIC: bitsOf(operations.TOPIC),
  GROUP: bitsOf(operations.GROUP),
  CLUSTER: bitsOf(operations.CLUSTER),
}

/** Nobody asked. */
export const NOT_ASKED = -0x8000_0000

/** A bit for each operation that whoever asks may do. */
export function authorizedOperations(context: Asking, type: keyof typeof operations, name: string): number {
  if (context.node.authorizer === null) return all[type]
  return bitsOf(operations[type].filter((operation) => isAuthorized(context, operation, type, name, true)))
}

/** Who may not even describe the cluster is told that he may do nothing. */
export function operationsOnCluster(context: Asking): number {
  return isAuthorizedOnCluster(context, 'DESCRIBE') ? authorizedOperations(context, 'CLUSTER', CLUSTER) : 0
}

function bitsOf(some: readonly AclOperation[]): number {
  return some.reduce((bits, operation) => bits | (1 << aclWordId('operation', operation)), 0)
}
