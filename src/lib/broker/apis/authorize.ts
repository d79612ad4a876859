import type { AclOperation, AclResourceType } from '../../model/acls.ts'
import { ApiError } from '../api-error.ts'
import { defaultMessage } from '../default-messages.ts'
import type { Asker } from '../security/authorizer.ts'
import type { RequestContext } from './handler.ts'

/** The one resource of its type. */
export const CLUSTER = 'kafka-cluster'

/** Kafka's error for each kind of thing that somebody may not touch. */
const refusals = {
  TOPIC: 'TOPIC_AUTHORIZATION_FAILED',
  GROUP: 'GROUP_AUTHORIZATION_FAILED',
  CLUSTER: 'CLUSTER_AUTHORIZATION_FAILED',
  TRANSACTIONAL_ID: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
} as const

export type Guarded = keyof typeof refusals

export function unauthorized(type: Guarded): ApiError {
  return new ApiError(refusals[type], defaultMessage(refusals[type]) ?? '')
}

/** Throws where he may not do that. */
export function mustBeAuthorized(
  context: Asking,
  operation: AclOperation,
  type: Guarded,
  name: string,
): void {
  if (!isAuthorized(context, operation, type, name)) throw unauthorized(type)
}

export type Asking = Pick<RequestContext, 'node' | 'connection' | 'apiName'>

/** Whether who asks may do that. What only leaves something out of an answer is no denial to speak of. */
export function isAuthorized(
  context: Asking,
  operation: AclOperation,
  type: AclResourceType,
  name: string,
  isQuiet = false,
): boolean {
  const { authorizer } = context.node
  return authorizer === null || authorizer.allows(askerOf(context), operation, type, name, isQuiet)
}

export function isAuthorizedOnCluster(context: Asking, operation: AclOperation, isQuiet = false): boolean {
  return isAuthorized(context, operation, 'CLUSTER', CLUSTER, isQuiet)
}

/** Throws where the whole request is refused. */
export function mustBeAuthorizedOnCluster(context: Asking, operation: AclOperation): void {
  if (isAuthorizedOnCluster(context, operation)) return
  throw new ApiError(
    'CLUSTER_AUTHORIZATION_FAILED',
    `Request ${inWords(context)} needs ${operation} permission.`,
  )
}

/** Whether there is anything of that type that he may do this with. */
export function isAuthorizedWithAny(
  context: Asking,
  operation: AclOperation,
  type: AclResourceType,
): boolean {
  const { authorizer } = context.node
  return authorizer === null || authorizer.allowsWithAny(askerOf(context), operation, type)
}

/** The same for many names, of which each is asked for once however often it is there. */
export function authorization(
  context: Asking,
  operation: AclOperation,
  type: AclResourceType,
  isQuiet = false,
): (name: string) => boolean {
  if (context.node.authorizer === null) return allowed
  const known = new Map<string, boolean>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const isAllowed = isAuthorized(context, operation, type, name, isQuiet)
    known.set(name, isAllowed)
    return isAllowed
  }
}

function allowed(): boolean {
  return true
}

function askerOf({ connection, apiName }: Asking): Asker {
  return { principal: connection.principal, peerHost: connection.peerHost, apiName }
}

/** Kafka shows its own object of the request here, of which this is what others can know. */
function inWords({ connection: { principal, peerHost, listenerName, securityProtocol } }: Asking): string {
  const session = `Session[principal=${principal}, clientAddress=/${peerHost}]`
  return `Request(session=${session}, listenerName=ListenerName(${listenerName}), securityProtocol=${securityProtocol})`
}
