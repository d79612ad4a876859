import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import type { RequestContext } from './handler.ts'

interface AclChanges<Entry, Result> {
  /** One result for each entry. */
  change(entries: readonly Entry[], node: Node): Result[]
  refused(error: ApiError): Result
}

/** Whoever may not change entries, and whoever asks what cannot be done at all, is told so once for each. */
export async function aclChanges<Entry, Result>(
  entries: readonly Entry[],
  context: RequestContext,
  { change, refused }: AclChanges<Entry, Result>,
): Promise<Result[]> {
  const { node } = context
  try {
    mustBeAuthorizedOnCluster(context, 'ALTER')
    if (node.authorizer === null) throw new ApiError('SECURITY_DISABLED', 'No Authorizer is configured.')
    const results = change(entries, node)
    await node.controller.durable()
    return results
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return entries.map(() => refused(cause))
  }
}
