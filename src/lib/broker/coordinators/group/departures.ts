import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupShard } from './group-shard.ts'
import type { Rebalances } from './rebalances.ts'

export interface Leaver {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

export interface Left extends Leaver {
  readonly error: ErrorName
}

/** Members that leave, or are removed by an administrator. */
export class Departures {
  readonly #shard: GroupShard
  readonly #rebalances: Rebalances

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#rebalances = rebalances
  }

  leave(groupId: string, leavers: readonly Leaver[]): Left[] {
    const group = this.#shard.groups.get(groupId)
    if (group === undefined) return leavers.map((leaver) => ({ ...leaver, error: 'UNKNOWN_MEMBER_ID' }))
    const left = leavers.map((leaver) => ({ ...leaver, error: this.#leave(group, leaver) }))
    // One rebalance for all of them.
    if (left.some(({ error }) => error === 'NONE')) this.#rebalances.settle(group)
    return left
  }

  #leave(group: ClassicGroup, { memberId, groupInstanceId }: Leaver): ErrorName {
    if (memberId !== '' && group.pendingJoins.has(memberId)) {
      group.forgetPending(memberId)
      return 'NONE'
    }
    // Administrators know the instance, and not which member it is at the moment.
    const id = memberId === '' ? (group.staticMembers.get(groupInstanceId ?? '') ?? '') : memberId
    try {
      this.#rebalances.expel(group, group.memberOf(id, groupInstanceId))
      return 'NONE'
    } catch (cause) {
      if (cause instanceof ApiError) return cause.error
      throw cause
    }
  }
}
