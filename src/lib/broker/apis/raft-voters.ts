import type { RequestOf } from '../../protocol/api.ts'
import { addRaftVoter as addApi } from '../../protocol/apis/add-raft-voter.ts'
import { removeRaftVoter as removeApi } from '../../protocol/apis/remove-raft-voter.ts'
import { ApiError } from '../api-error.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { refusalOf } from './refusal.ts'
import { ZERO_ID } from './topic-parts.ts'

type Voter = Pick<RequestOf<typeof removeApi>, 'clusterId' | 'voterId' | 'voterDirectoryId'>

/** Where a controller of Kafka listens by default. */
const LISTENER = 'CONTROLLER'

/** The quorum is this node: nobody is let in, and it does not leave. What is asked is checked as Kafka's leader does it. */
export const addRaftVoter = handler(addApi, (request, context) =>
  refused(() => {
    mustBeAuthorizedOnCluster(context, 'ALTER')
    mustBeVoter(request, 'Add', context)
    const listeners = byName(request.listeners)
    if (!listeners.has(LISTENER)) {
      const listed = [...listeners].map(
        ([name, { host, port }]) => `ListenerName(${name})=${host}/<unresolved>:${port}`,
      )
      const message = `Add voter request didn't include the endpoint (Endpoints(endpoints={${listed.join(', ')}})) for the default listener ListenerName(${LISTENER})`
      throw new ApiError('INVALID_REQUEST', message)
    }
    mustBeMovable('adding', context)
  }),
)

export const removeRaftVoter = handler(removeApi, (request, context) =>
  refused(() => {
    mustBeAuthorizedOnCluster(context, 'ALTER')
    mustBeVoter(request, 'Remove', context)
    mustBeMovable('removing', context)
  }),
)

/** In capitals, as Kafka compares them. One that is given twice counts as it was given last, and there. */
function byName<L extends { readonly name: string }>(listeners: readonly L[]): ReadonlyMap<string, L> {
  const found = new Map<string, L>()
  for (const listener of listeners) {
    const name = listener.name.toUpperCase()
    found.delete(name)
    found.set(name, listener)
  }
  return found
}

function mustBeVoter(
  { clusterId, voterId, voterDirectoryId }: Voter,
  what: 'Add' | 'Remove',
  { node }: RequestContext,
): void {
  if (clusterId !== null && clusterId !== node.clusterId) {
    const message = `The given id "${clusterId}" doesn't match the cluster id "${node.clusterId}"`
    throw new ApiError('INCONSISTENT_CLUSTER_ID', message)
  }
  if (voterId >= 0 && voterDirectoryId !== ZERO_ID) return
  throw new ApiError('INVALID_REQUEST', `${what} voter request didn't include a valid voter`)
}

/** In a directory of a Kafka whose voters stand in its log, Kafka itself would; here that log stays as it is. */
function mustBeMovable(what: 'adding' | 'removing', { node: { controller } }: RequestContext): void {
  const level = controller.featureLevel('kraft.version')
  const why =
    level > 0
      ? `the quorum of a local broker is that broker alone, and ${what} a voter is not for it`
      : `Cluster doesn't support ${what} voter because the kraft.version feature is ${level}`
  throw new ApiError('UNSUPPORTED_VERSION', why)
}

function refused(check: () => void) {
  try {
    check()
    return {}
  } catch (cause) {
    return refusalOf(cause)
  }
}
