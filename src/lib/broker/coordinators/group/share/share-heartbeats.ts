import { ApiError } from '../../../api-error.ts'
import { appendError } from '../append-error.ts'
import type { GroupShard } from '../group-shard.ts'
import { type Assignment, sameAssignment } from '../modern/assignment.ts'
import { HeartbeatTurn, type ShareHeartbeat, type ShareHeartbeatsWorld } from './heartbeat-turn.ts'
import { SessionTimers } from './session-timers.ts'
import { newShareMember, ShareGroup, type ShareMember } from './share-group.ts'
import type { ShareInitialisation } from './share-initialisation.ts'
import { subscriptionsOf } from './share-subscriptions.ts'

export interface ShareBeat {
  readonly memberId: string
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: number
  /** Null: as it was. */
  readonly assignment: Assignment | null
}

const JOINS = 0
const LEAVES = -1

/** Membership of share groups: who is in, and who gets which partitions. */
export class ShareHeartbeats {
  readonly #shard: GroupShard
  readonly #world: ShareHeartbeatsWorld
  readonly #initialisation: ShareInitialisation
  readonly #sessions: SessionTimers

  constructor(shard: GroupShard, world: ShareHeartbeatsWorld, initialisation: ShareInitialisation) {
    this.#shard = shard
    this.#world = world
    this.#initialisation = initialisation
    this.#sessions = new SessionTimers(shard.world.clock)
  }

  /** Members that were there before the last stop have one session time-out to be heard from again. */
  start(): void {
    for (const group of this.#shard.shares.all()) {
      for (const memberId of group.members.keys()) this.#keepAlive(group.groupId, memberId)
    }
  }

  stop(): void {
    this.#sessions.clear()
  }

  topicChanged(name: string): void {
    for (const group of this.#shard.shares.all()) {
      if (subscriptionsOf(group.members.values()).has(name)) group.isStale = true
    }
  }

  /** Throws an ApiError. What it says is written when it returns. */
  beat(heartbeat: ShareHeartbeat): ShareBeat {
    return heartbeat.memberEpoch === LEAVES ? this.#leave(heartbeat) : this.#stay(heartbeat)
  }

  #leave({ groupId, memberId, memberEpoch }: ShareHeartbeat): ShareBeat {
    const group = this.group(groupId)
    this.#fence(group, group.memberOf(memberId))
    return { memberId, memberEpoch, heartbeatIntervalMs: 0, assignment: null }
  }

  /** Throws where there is no share group of this name. */
  group(groupId: string): ShareGroup {
    const group = this.#shard.shares.get(groupId)
    if (group !== undefined) return group
    const isOther = this.#isOfOtherType(groupId)
    throw new ApiError(
      'GROUP_ID_NOT_FOUND',
      isOther ? `Group ${groupId} is not a share group.` : `Group ${groupId} not found.`,
    )
  }

  #stay(heartbeat: ShareHeartbeat): ShareBeat {
    const { groupId, memberId, memberEpoch } = heartbeat
    const group = this.#groupFor(heartbeat)
    const known = group.members.get(memberId)
    if (group.members.size >= this.#world.maxSize() && known === undefined) {
      const message = `The share group has reached its maximum capacity of ${this.#world.maxSize()} members.`
      throw new ApiError('GROUP_MAX_SIZE_REACHED', message)
    }
    const before = known ?? (memberEpoch === JOINS ? newShareMember(memberId) : group.memberOf(memberId))
    checkEpoch(before, memberEpoch)
    const turn = new HeartbeatTurn(group, before, heartbeat, this.#world, this.#shard.world.clock.nowMs())
    const after = turn.run()
    const names = turn.subscribed
    const initialising = this.#initialisation.begin(group, turn.groupEpoch, names, turn.records)
    this.#shard.writeShares(turn.records)
    // A group that is there now need not be the one that was looked at: a new one is made by its records.
    const written = this.#shard.shares.get(groupId)
    if (turn.hasLooked && written !== undefined) written.isStale = false
    if (initialising !== null) this.#initialisation.go(initialising)
    this.#keepAlive(groupId, memberId)
    const isToldAnyway = memberEpoch === JOINS || heartbeat.topics !== null
    const isChanged = isToldAnyway || !sameAssignment(before.assigned, after.assigned)
    return {
      ...{ memberId, memberEpoch: after.epoch },
      heartbeatIntervalMs: this.#world.configsOf(groupId).heartbeatIntervalMs,
      assignment: isChanged ? after.assigned : null,
    }
  }

  #groupFor({ groupId, memberEpoch }: ShareHeartbeat): ShareGroup {
    if (memberEpoch === JOINS || this.#shard.shares.get(groupId) !== undefined)
      return this.groupOrNew(groupId)
    const isOther = this.#isOfOtherType(groupId)
    throw new ApiError(
      'GROUP_ID_NOT_FOUND',
      isOther ? `Group ${groupId} is not a share group.` : `Share group ${groupId} not found.`,
    )
  }

  /** Throws where the name is taken by a group of another type. */
  groupOrNew(groupId: string): ShareGroup {
    const group = this.#shard.shares.get(groupId)
    if (group !== undefined) return group
    if (!this.#isOfOtherType(groupId)) return new ShareGroup(groupId)
    throw new ApiError('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a share group.`)
  }

  #isOfOtherType(groupId: string): boolean {
    const { groups, consumers } = this.#shard
    const type = this.#shard.typeOfOther(groupId)
    return groups.has(groupId) || consumers.has(groupId) || (type !== undefined && type !== 'share')
  }

  #fence(group: ShareGroup, { memberId }: ShareMember): void {
    const of = { group: group.groupId, memberId, value: null }
    const rest = [...group.members.values()].filter((member) => member.memberId !== memberId)
    const metadataHash = this.#world.topics.hashOf(subscriptionsOf(rest).keys())
    this.#shard.writeShares([
      { kind: 'shareAssignment', ...of },
      { kind: 'shareTarget', ...of },
      { kind: 'shareMember', ...of },
      { kind: 'shareEpoch', group: group.groupId, value: { epoch: group.epoch + 1, metadataHash } },
    ])
    this.#sessions.cancel(group.groupId, memberId)
  }

  #keepAlive(groupId: string, memberId: string): void {
    const { sessionTimeoutMs } = this.#world.configsOf(groupId)
    this.#sessions.schedule(groupId, memberId, sessionTimeoutMs, () => {
      const group = this.#shard.shares.get(groupId)
      const member = group?.members.get(memberId)
      if (group === undefined || member === undefined) return
      try {
        this.#fence(group, member)
      } catch (cause) {
        const facts = { group: groupId, error: appendError(cause) }
        this.#shard.world.log.log('warn', 'a silent member of a share group cannot be removed', facts)
        this.#keepAlive(groupId, memberId)
      }
    })
  }
}

function checkEpoch({ epoch, previousEpoch }: ShareMember, said: number): void {
  if (said === JOINS || said === epoch || said === previousEpoch) return
  const rejoin = 'The member must abandon all its partitions and rejoin.'
  const known = `known by the group coordinator (${epoch})`
  const message =
    said > epoch
      ? `The share group member has a greater member epoch (${said}) than the one ${known}. ${rejoin}`
      : `The share group member has a smaller member epoch (${said}) than the one ${known}, and it does not match the previous member epoch (${previousEpoch}). ${rejoin}`
  throw new ApiError('FENCED_MEMBER_EPOCH', message)
}
