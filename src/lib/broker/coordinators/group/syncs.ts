import { ApiError } from '../../api-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { ClassicMember } from './classic-member.ts'
import { refusedSync, type SyncAnswer } from './group-answers.ts'
import type { GroupShard } from './group-shard.ts'
import type { Rebalances } from './rebalances.ts'

export interface SyncWish {
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Null: the client does not say (before KIP-559). */
  readonly protocolType: string | null
  readonly protocol: string | null
  /** The leader's, by member id. */
  readonly assignments: ReadonlyMap<string, Buffer>
}

export type AnswerSync = (answer: SyncAnswer) => void

/** Members ask for what the leader has assigned to them. */
export class Syncs {
  readonly #shard: GroupShard
  readonly #rebalances: Rebalances

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#rebalances = rebalances
  }

  /** The answer, if there is one at once; else `answerLater` gets it. */
  sync(wish: SyncWish, answerLater: AnswerSync): SyncAnswer | null {
    try {
      const group = this.#shard.groups.get(wish.groupId)
      if (group === undefined) throw new ApiError('UNKNOWN_MEMBER_ID')
      const member = memberThatAgrees(group, wish)
      if (group.isIn('Empty')) throw new ApiError('UNKNOWN_MEMBER_ID')
      if (group.isIn('PreparingRebalance')) throw new ApiError('REBALANCE_IN_PROGRESS')
      return this.#sync(group, member, wish, answerLater)
    } catch (cause) {
      if (cause instanceof ApiError) return refusedSync(cause.error)
      throw cause
    }
  }

  #sync(
    group: ClassicGroup,
    member: ClassicMember,
    wish: SyncWish,
    answerLater: AnswerSync,
  ): SyncAnswer | null {
    this.#rebalances.synced(group, member.memberId)
    if (group.isIn('Stable')) {
      const { protocolType, protocol } = group
      return { error: 'NONE', protocolType, protocol, assignment: member.assignment }
    }
    member.awaitingSync = answerLater
    if (group.isLeader(member.memberId)) this.#assign(group, wish.assignments)
    return null
  }

  #assign(group: ClassicGroup, assignments: ReadonlyMap<string, Buffer>): void {
    // Whom the leader has forgotten gets nothing, and not what it had before.
    for (const member of group.members.values()) {
      member.assignment = assignments.get(member.memberId) ?? Buffer.alloc(0)
    }
    const failure = this.#shard.writeGroup(group)
    if (failure !== null) {
      this.#rebalances.failSync(group, failure)
      return
    }
    const { generation } = group
    // Somebody may have joined in the meantime, and then there is another generation to wait for.
    const isAsBefore = () => group.isIn('CompletingRebalance') && group.generation === generation
    this.#shard.durable().then(
      () => isAsBefore() && this.#rebalances.stabilise(group),
      () => isAsBefore() && this.#rebalances.failSync(group, 'NOT_COORDINATOR'),
    )
  }
}

function memberThatAgrees(group: ClassicGroup, wish: SyncWish): ClassicMember {
  const member = group.memberOf(wish.memberId, wish.groupInstanceId)
  if (wish.generation !== group.generation) throw new ApiError('ILLEGAL_GENERATION')
  if (isOther(wish.protocolType, group.protocolType) || isOther(wish.protocol, group.protocol)) {
    throw new ApiError('INCONSISTENT_GROUP_PROTOCOL')
  }
  return member
}

function isOther(said: string | null, known: string | null): boolean {
  return said !== null && said !== known
}
