import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import { appendError } from './append-error.ts'
import type { ClassicGroup } from './classic-group.ts'
import { ClassicMember, type MemberFacts } from './classic-member.ts'
import { withoutGroup } from './consumer/member-records.ts'
import { type JoinAnswer, refusedJoin } from './group-answers.ts'
import type { GroupShard } from './group-shard.ts'
import { newLastMemberId } from './member-id.ts'
import type { Rebalances } from './rebalances.ts'

export interface JoinWish extends MemberFacts {
  readonly groupId: string
  readonly protocolType: string
  /** KIP-394: a member comes back with the id it is given before anybody waits for it. */
  readonly mustKnowItsId: boolean
  /** The client understands that it keeps the assignment the group has. */
  readonly maySkipAssignment: boolean
  /** Of topics that a pattern of the group matches, those that the client may know of. */
  readonly mayDescribe: (topic: string) => boolean
}

export type AnswerJoin = (answer: JoinAnswer) => void

/** Members that come, come back, or take the place of the one before (KIP-345). */
export class Joins {
  readonly #shard: GroupShard
  readonly #rebalances: Rebalances

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#rebalances = rebalances
  }

  /** The answer, if there is one at once; else `answerLater` gets it. */
  join(wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const { groupId, memberId } = wish
    const known = this.#shard.groups.get(groupId)
    const isOfAnotherType =
      this.#shard.others.typeOf(groupId) !== undefined || this.#shard.shares.get(groupId) !== undefined
    if (isOfAnotherType) return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', '')
    if (known === undefined && memberId !== '') return refusedJoin('UNKNOWN_MEMBER_ID', memberId)
    const group = known ?? this.#shard.newGroup(groupId)
    const failure = known === undefined ? this.#writeNew(group) : null
    if (failure !== null) return refusedJoin(failure, memberId)
    if (!this.#hasRoomFor(group, memberId)) return this.#turnAway(group, memberId)
    if (!group.accepts(wish.protocolType, wish.protocols)) {
      return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', memberId)
    }
    if (memberId === '') return this.#joinNew(group, wish, answerLater)
    return this.#joinKnown(group, wish, answerLater)
  }

  /** In the place of a consumer group without members, if there is one. */
  #writeNew(group: ClassicGroup): ErrorName | null {
    const consumers = this.#shard.consumers.get(group.groupId)
    if (consumers === undefined) return this.#shard.writeGroup(group)
    try {
      this.#shard.writeConverted(group, withoutGroup(consumers))
      return null
    } catch (cause) {
      return appendError(cause)
    }
  }

  /** Who is there already stays; while all rejoin, the first to do so stay. */
  #hasRoomFor(group: ClassicGroup, memberId: string): boolean {
    const { maxSize } = this.#shard.world.settings
    if (group.isIn('Empty')) return true
    const member = group.members.get(memberId)
    if (!group.isIn('PreparingRebalance')) return member !== undefined || group.members.size < maxSize
    return member?.awaitingJoin != null || group.awaitingJoinCount() < maxSize
  }

  #turnAway(group: ClassicGroup, memberId: string): JoinAnswer {
    group.remove(memberId)
    return refusedJoin('GROUP_MAX_SIZE_REACHED', '')
  }

  #joinNew(group: ClassicGroup, wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const { groupInstanceId, sessionTimeoutMs } = wish
    const memberId = newLastMemberId(this.#shard.world.random, wish, (id) => group.wouldBeLast(id))
    if (groupInstanceId === null && wish.mustKnowItsId) {
      this.#rebalances.expectJoin(group, memberId, sessionTimeoutMs)
      return refusedJoin('MEMBER_ID_REQUIRED', memberId)
    }
    const replaced = group.members.get(group.staticMembers.get(groupInstanceId ?? '') ?? '')
    const named = { ...wish, memberId }
    if (groupInstanceId === null || replaced === undefined) return this.#add(group, named, answerLater)
    return this.#replace(group, replaced, named, answerLater)
  }

  #joinKnown(group: ClassicGroup, wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const { memberId, groupInstanceId } = wish
    if (group.pendingJoins.has(memberId)) {
      // Static members are never given an id to come back with; Kafka stumbles over one that says it was.
      if (groupInstanceId !== null) return refusedJoin('UNKNOWN_SERVER_ERROR', '')
      return this.#add(group, wish, answerLater)
    }
    try {
      return this.#rejoin(group, group.memberOf(memberId, groupInstanceId), wish, answerLater)
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      return refusedJoin(cause.error, memberId)
    }
  }

  #rejoin(
    group: ClassicGroup,
    member: ClassicMember,
    wish: JoinWish,
    answerLater: AnswerJoin,
  ): JoinAnswer | null {
    // The group has no members it could know this one of.
    if (group.isIn('Empty')) return refusedJoin('UNKNOWN_MEMBER_ID', wish.memberId)
    if (isAnsweredAsBefore(group, member, wish)) return current(group, member.memberId, false)
    update(member, wish, answerLater)
    this.#rebalances.startOrComplete(group)
    return null
  }

  #add(group: ClassicGroup, wish: JoinWish, answerLater: AnswerJoin): null {
    const member = new ClassicMember(wish)
    member.isNew = true
    member.awaitingJoin = answerLater
    if (group.isIn('PreparingRebalance') && group.previousState === 'Empty') group.hasNewMember = true
    group.add(member, wish.protocolType)
    this.#rebalances.keepNewAlive(group, member)
    this.#rebalances.startOrComplete(group)
    return null
  }

  /** A static member came back without its id, or another process uses its name: the one before is fenced. */
  #replace(
    group: ClassicGroup,
    replaced: ClassicMember,
    wish: JoinWish,
    answerLater: AnswerJoin,
  ): JoinAnswer | null {
    const leaderBefore = group.leader ?? ''
    const member = group.replace(replaced, wish.memberId)
    this.#rebalances.keepAlive(group, member)
    const undo = update(member, wish, answerLater)
    if (!group.isIn('Stable') || group.protocol !== group.chosenProtocol()) {
      // The leader may have been told the old id, and would assign nothing to the new one.
      this.#rebalances.startOrComplete(group)
      return null
    }
    // The others need not hear of it as long as the group goes on with the same protocol.
    const failure = this.#shard.writeGroup(group)
    if (failure === null) return this.#answerReplaced(group, member, wish, leaderBefore)
    undo()
    this.#rebalances.keepAlive(group, group.replace(member, replaced.memberId))
    return refusedJoin(failure, '')
  }

  #answerReplaced(group: ClassicGroup, member: ClassicMember, wish: JoinWish, leaderBefore: string): null {
    const isLeader = group.isLeader(member.memberId)
    const now = current(group, member.memberId, isLeader && wish.maySkipAssignment)
    // An older client that leads must not be told so: it would assign anew, without a rebalance.
    const answer = wish.maySkipAssignment ? now : { ...now, leader: leaderBefore, members: [] }
    this.#shard.durable().then(
      () => member.answerJoin(answer),
      () => member.answerJoin(refusedJoin('NOT_COORDINATOR', '')),
    )
    return null
  }
}

/** Nothing has changed for it: it missed the answer, or wants to be sure. */
function isAnsweredAsBefore(group: ClassicGroup, member: ClassicMember, wish: JoinWish): boolean {
  if (!member.matches(wish.protocols)) return false
  if (group.isIn('CompletingRebalance')) return true
  // A leader that joins again has seen that partitions or topics have changed.
  return group.isIn('Stable') && !group.isLeader(member.memberId)
}

function current(group: ClassicGroup, memberId: string, skipAssignment: boolean): JoinAnswer {
  const { generation, protocolType, protocol } = group
  const members = group.isLeader(memberId) ? group.joinedMembers() : []
  const leader = group.leader ?? ''
  return { error: 'NONE', memberId, generation, protocolType, protocol, leader, skipAssignment, members }
}

/** Returns how to take it back. */
function update(member: ClassicMember, wish: JoinWish, answer: AnswerJoin): () => void {
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = member
  member.protocols = wish.protocols
  member.rebalanceTimeoutMs = wish.rebalanceTimeoutMs
  member.sessionTimeoutMs = wish.sessionTimeoutMs
  member.awaitingJoin = answer
  return () => Object.assign(member, { protocols, rebalanceTimeoutMs, sessionTimeoutMs, awaitingJoin: null })
}
