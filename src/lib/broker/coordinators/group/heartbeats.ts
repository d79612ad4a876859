import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { GroupShard } from './group-shard.ts'
import type { Rebalances } from './rebalances.ts'

export interface Heartbeat {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** The answer tells the member whether it is still one, and whether it shall join again. */
export function beat(shard: GroupShard, rebalances: Rebalances, heartbeat: Heartbeat): ErrorName {
  const { groupId, generation, memberId, groupInstanceId } = heartbeat
  const group = shard.groups.get(groupId)
  if (group === undefined) return 'UNKNOWN_MEMBER_ID'
  try {
    const member = group.memberOf(memberId, groupInstanceId)
    if (generation !== group.generation) return 'ILLEGAL_GENERATION'
    if (group.isIn('Empty')) return 'UNKNOWN_MEMBER_ID'
    rebalances.keepAlive(group, member)
    return group.isIn('PreparingRebalance') ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  } catch (cause) {
    if (cause instanceof ApiError) return cause.error
    throw cause
  }
}
