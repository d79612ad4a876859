import { ApiError } from '../api-error.ts'
import { levelAs } from '../as-version.ts'
import type { Node } from '../node.ts'
import { isAuthorized } from './authorize.ts'
import type { RequestContext } from './handler.ts'

const LONGEST_MEMBER_ID = 36

interface Asker {
  readonly groupId: string | null
  readonly memberId: string | null
}

/** Throws an ApiError for whom Kafka does not take for a member of a share group. */
export function checkAsker<R extends Asker>(
  request: R,
  context: RequestContext,
): R & { readonly groupId: string; readonly memberId: string } {
  const { groupId, memberId } = request
  mustServeShareGroups(context.node)
  if (groupId === null) throw new ApiError('INVALID_REQUEST')
  if (!isAuthorized(context, 'READ', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
  return { ...request, groupId, memberId: checkMemberId(memberId) }
}

export function mustServeShareGroups(node: Node): void {
  if (levelAs(node, 'share.version') < 1) throw new ApiError('UNSUPPORTED_VERSION')
}

/** At most as long as a UUID that people read. */
export function checkMemberId(memberId: string | null): string {
  if (memberId !== null && memberId !== '' && memberId.length <= LONGEST_MEMBER_ID) return memberId
  throw new ApiError('INVALID_REQUEST')
}
