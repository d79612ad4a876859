import { ApiError } from '../../../api-error.ts'
import { randomId } from '../../../controller/random-id.ts'
import type { Leaver, Left } from '../departures.ts'
import { type JoinAnswer, refusedJoin, refusedSync, type SyncAnswer } from '../group-answers.ts'
import type { Heartbeat } from '../heartbeats.ts'
import type { AnswerJoin, JoinWish } from '../joins.ts'
import type { AnswerSync, SyncWish } from '../syncs.ts'
import { mustBeInstance } from './admit-member.ts'
import { writeAssignment } from './classic-forms.ts'
import { ClassicJoins } from './classic-joins.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ClassicMetadata, type ConsumerMember, withoutEpochs } from './consumer-member.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import type { Fences } from './fences.ts'
import type { Memberships } from './memberships.ts'

interface ClassicMember extends ConsumerMember {
  readonly classic: ClassicMetadata
}

/** Members of the classic protocol in a consumer group, which get what the coordinator assigns (KIP-848's migration). */
export class ClassicMembers {
  readonly #world: ConsumerWorld
  readonly #fences: Fences
  readonly #joins: ClassicJoins

  constructor(world: ConsumerWorld, fences: Fences, memberships: Memberships) {
    this.#world = world
    this.#fences = fences
    this.#joins = new ClassicJoins(world, fences, memberships)
  }

  join(group: ConsumerGroup, wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const memberId = wish.memberId === '' ? randomId(this.#world.shard.world.random) : wish.memberId
    try {
      const answer = this.#joins.join(group, { ...wish, memberId }, wish.memberId === '')
      if (answer.error !== 'NONE') return answer
      this.#world.shard.durable().then(
        () => answerLater(answer),
        () => answerLater(refusedJoin('NOT_COORDINATOR', '')),
      )
      return null
    } catch (cause) {
      if (cause instanceof ApiError) return refusedJoin(cause.error, '')
      throw cause
    }
  }

  sync(group: ConsumerGroup, wish: SyncWish, answerLater: AnswerSync): SyncAnswer | null {
    try {
      const { groupId, protocolType, protocol } = wish
      const member = memberOf(group, wish.memberId, wish.groupInstanceId)
      mustBeAtGeneration(member, wish.generation)
      mustSpeak(member, wish)
      this.#mustNotRebalance(group, member)
      this.#fences.endSync(groupId, member.memberId)
      this.#fences.keepAlive(groupId, member.memberId, member.classic.sessionTimeoutMs)
      const [first] = member.classic.protocols
      const { topics } = this.#world.shard.world
      const metadata = first?.metadata ?? Buffer.alloc(2)
      const assignment = writeAssignment(withoutEpochs(member.assigned), topics, metadata)
      this.#world.shard.durable().then(
        () => answerLater({ error: 'NONE', protocolType, protocol, assignment }),
        () => answerLater(refusedSync('NOT_COORDINATOR')),
      )
      return null
    } catch (cause) {
      if (cause instanceof ApiError) return refusedSync(cause.error)
      throw cause
    }
  }

  beat(group: ConsumerGroup, said: Heartbeat): 'NONE' | 'REBALANCE_IN_PROGRESS' {
    const member = memberOf(group, said.memberId, said.groupInstanceId)
    mustBeAtGeneration(member, said.generation)
    this.#fences.keepAlive(group.groupId, member.memberId, member.classic.sessionTimeoutMs)
    const { state, memberEpoch } = member
    const mayTake = state === 'UNRELEASED_PARTITIONS' && !isWaiting(group, member)
    if (memberEpoch >= group.targetEpoch && state !== 'UNREVOKED_PARTITIONS' && !mayTake) return 'NONE'
    this.#fences.awaitJoin(group.groupId, member)
    return 'REBALANCE_IN_PROGRESS'
  }

  /** Whoever speaks the newer protocol may be removed this way too, by an administrator. */
  leave(group: ConsumerGroup, leavers: readonly Leaver[]): Left[] {
    const gone = new Map<string, ConsumerMember>()
    const left = leavers.map((leaver): Left => {
      try {
        const member = leaverOf(group, leaver)
        gone.set(member.memberId, member)
        return { ...leaver, error: 'NONE' }
      } catch (cause) {
        if (cause instanceof ApiError) return { ...leaver, error: cause.error }
        throw cause
      }
    })
    this.#fences.remove(group, [...gone.values()])
    return left
  }

  #mustNotRebalance(group: ConsumerGroup, member: ConsumerMember): void {
    if (group.targetEpoch <= member.memberEpoch || member.state === 'UNREVOKED_PARTITIONS') return
    this.#fences.awaitJoin(group.groupId, member)
    throw new ApiError('REBALANCE_IN_PROGRESS')
  }
}

function memberOf(group: ConsumerGroup, memberId: string, instanceId: string | null): ClassicMember {
  const member =
    instanceId === null
      ? group.memberOf(memberId)
      : mustBeInstance(group.staticMember(instanceId), memberId, instanceId)
  const { classic } = member
  if (classic === null) throw new ApiError('UNKNOWN_MEMBER_ID')
  return { ...member, classic }
}

function leaverOf(group: ConsumerGroup, { memberId, groupInstanceId }: Leaver): ConsumerMember {
  if (groupInstanceId === null) return group.memberOf(memberId)
  const known = group.staticMember(groupInstanceId)
  return mustBeInstance(known, memberId === '' ? (known?.memberId ?? '') : memberId, groupInstanceId)
}

function mustBeAtGeneration({ memberEpoch }: ConsumerMember, generation: number): void {
  if (memberEpoch !== generation) throw new ApiError('ILLEGAL_GENERATION')
}

function mustSpeak({ classic }: ClassicMember, { protocolType, protocol }: SyncWish): void {
  const isOtherType = protocolType !== null && protocolType !== 'consumer'
  const isOther = protocol !== null && protocol !== classic.protocols[0]?.name
  if (isOtherType || isOther) throw new ApiError('INCONSISTENT_GROUP_PROTOCOL')
}

/** Somebody has yet to give up what this member shall have. */
function isWaiting(group: ConsumerGroup, { memberId, assigned }: ConsumerMember): boolean {
  for (const [topicId, partitions] of group.target.get(memberId) ?? []) {
    for (const partition of partitions) {
      if (assigned.get(topicId)?.has(partition) === true) continue
      if (group.partitionEpochs.isOwned(topicId, partition)) return true
    }
  }
  return false
}
