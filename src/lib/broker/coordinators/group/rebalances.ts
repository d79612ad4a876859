import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { ClassicMember } from './classic-member.ts'
import { Deadline } from './deadline.ts'
import { refusedJoin, refusedSync } from './group-answers.ts'
import type { GroupShard } from './group-shard.ts'

/** A member that was not answered yet sends no heartbeats; if it gives up waiting, nothing tells us. */
const NEW_MEMBER_TIMEOUT_MS = 5 * 60_000

/** Moves groups through their rebalances: who is waited for, for how long, and what follows. */
export class Rebalances {
  readonly #shard: GroupShard

  constructor(shard: GroupShard) {
    this.#shard = shard
  }

  get #nowMs(): number {
    return this.#shard.world.clock.nowMs()
  }

  /** Somebody joined, left, or wants something else. */
  startOrComplete(group: ClassicGroup): void {
    if (group.isIn('PreparingRebalance')) this.completeIfAllJoined(group)
    else this.start(group)
  }

  start(group: ClassicGroup): void {
    // Who waits for an assignment of the old generation shall join the new one.
    if (group.isIn('CompletingRebalance')) this.#dropAssignments(group, 'REBALANCE_IN_PROGRESS')
    group.syncDeadline?.clear()
    const isFirst = group.isIn('Empty')
    group.moveTo('PreparingRebalance', this.#nowMs)
    if (isFirst) this.#waitForFirstMembers(group)
    else if (group.haveAllJoined()) this.#complete(group)
    else this.#waitToComplete(group)
  }

  /** The first members are waited for in another way (see `#waitForFirstMembers`). */
  completeIfAllJoined(group: ClassicGroup): void {
    if (!group.isIn('PreparingRebalance') || group.previousState === 'Empty') return
    if (group.haveAllJoined()) this.#complete(group)
  }

  /** It was heard from. */
  keepAlive(group: ClassicGroup, member: ClassicMember, timeoutMs = member.sessionTimeoutMs): void {
    member.session ??= new Deadline(this.#shard.world.clock, () => this.#memberSilent(group, member))
    member.session.putOff(timeoutMs)
  }

  keepNewAlive(group: ClassicGroup, member: ClassicMember): void {
    this.keepAlive(group, member, NEW_MEMBER_TIMEOUT_MS)
  }

  /** Who was given an id has its session time-out to come back with it; the group waits for it that long. */
  expectJoin(group: ClassicGroup, memberId: string, timeoutMs: number): void {
    const deadline = new Deadline(this.#shard.world.clock, () => this.forgetPending(group, memberId))
    group.pendingJoins.set(memberId, deadline)
    deadline.putOff(timeoutMs)
  }

  forgetPending(group: ClassicGroup, memberId: string): void {
    group.forgetPending(memberId)
    this.completeIfAllJoined(group)
  }

  /** Without what follows for the others. Should it wait for its assignment, Kafka never answers that. */
  expel(group: ClassicGroup, member: ClassicMember): void {
    member.answerJoin(refusedJoin('UNKNOWN_MEMBER_ID', ''))
    group.remove(member.memberId)
  }

  /** After members have gone. */
  settle(group: ClassicGroup): void {
    if (!group.isIn('Empty')) this.startOrComplete(group)
  }

  synced(group: ClassicGroup, memberId: string): void {
    group.pendingSyncs.delete(memberId)
    if (group.pendingSyncs.size === 0) group.syncDeadline?.clear()
  }

  /** The assignments are in the log: members get theirs. */
  stabilise(group: ClassicGroup): void {
    this.#answerSyncs(group, 'NONE')
    group.moveTo('Stable', this.#nowMs)
  }

  /** The assignments could not be written: the members try again. */
  failSync(group: ClassicGroup, error: ErrorName): void {
    this.#dropAssignments(group, error)
    this.startOrComplete(group)
  }

  /** The group is not ours any more, or gone: nothing happens to it from now on. */
  abandon(group: ClassicGroup, error: ErrorName = 'NOT_COORDINATOR'): void {
    group.joinDeadline?.clear()
    group.syncDeadline?.clear()
    for (const deadline of group.pendingJoins.values()) deadline.clear()
    for (const member of group.members.values()) member.session?.clear()
    this.refuseWaiting(group, error)
  }

  refuseWaiting(group: ClassicGroup, error: ErrorName): void {
    for (const member of group.members.values()) {
      member.answerJoin(refusedJoin(error, member.memberId))
      member.answerSync(refusedSync(error))
    }
  }

  #waitForFirstMembers(group: ClassicGroup): void {
    const delayMs = this.#shard.world.settings.initialRebalanceDelayMs
    const leftMs = Math.max(0, group.rebalanceTimeoutMs() - delayMs)
    group.hasNewMember = false
    // Without a delay there is nothing to wait for, not even a turn of the loop.
    if (delayMs <= 0) this.#complete(group)
    else this.#delayFirst(group, delayMs, leftMs)
  }

  #delayFirst(group: ClassicGroup, delayMs: number, leftMs: number): void {
    this.#setJoinDeadline(group, delayMs, () => {
      if (!group.hasNewMember || leftMs === 0) this.#complete(group)
      else {
        group.hasNewMember = false
        const nextMs = Math.min(this.#shard.world.settings.initialRebalanceDelayMs, leftMs)
        this.#delayFirst(group, nextMs, Math.max(0, leftMs - delayMs))
      }
    })
  }

  #waitToComplete(group: ClassicGroup): void {
    this.#setJoinDeadline(group, group.rebalanceTimeoutMs(), () => this.#complete(group))
  }

  #setJoinDeadline(group: ClassicGroup, delayMs: number, run: () => void): void {
    group.joinDeadline?.clear()
    group.joinDeadline = new Deadline(this.#shard.world.clock, run)
    group.joinDeadline.putOff(delayMs)
  }

  #complete(group: ClassicGroup): void {
    group.joinDeadline?.clear()
    for (const member of [...group.members.values()]) {
      // A static member may be away until its session ends.
      if (member.awaitingJoin === null && member.groupInstanceId === null) group.remove(member.memberId)
    }
    if (group.members.size > 0 && !group.electJoinedLeader()) this.#waitToComplete(group)
    else this.#beginGeneration(group)
  }

  #beginGeneration(group: ClassicGroup): void {
    group.nextGeneration(this.#nowMs)
    if (group.isIn('Empty')) this.#writeEmpty(group)
    else {
      this.#answerJoins(group)
      this.#expectSyncs(group)
    }
  }

  /** A group that is empty without its record saying so loses nothing: its members are known to be silent. */
  #writeEmpty(group: ClassicGroup): void {
    const error = this.#shard.writeGroup(group)
    if (error === null) return
    const facts = { group: group.groupId, error }
    this.#shard.world.log.log('warn', 'a group that became empty cannot be written', facts)
  }

  #answerJoins(group: ClassicGroup): void {
    const { generation, protocolType, protocol, leader } = group
    for (const member of group.members.values()) {
      const { memberId } = member
      const members = group.isLeader(memberId) ? group.joinedMembers() : []
      const agreed = { generation, protocolType, protocol, leader: leader ?? '', members }
      group.pendingSyncs.add(memberId)
      this.keepAlive(group, member)
      member.isNew = false
      member.answerJoin({ error: 'NONE', memberId, ...agreed, skipAssignment: false })
    }
  }

  #expectSyncs(group: ClassicGroup): void {
    group.syncDeadline ??= new Deadline(this.#shard.world.clock, () => this.#syncsMissing(group))
    group.syncDeadline.putOff(group.rebalanceTimeoutMs())
  }

  #syncsMissing(group: ClassicGroup): void {
    if (!group.isIn('CompletingRebalance', 'Stable') || group.pendingSyncs.size === 0) return
    for (const memberId of [...group.pendingSyncs]) group.remove(memberId)
    this.start(group)
  }

  #memberSilent(group: ClassicGroup, member: ClassicMember): void {
    if (group.members.get(member.memberId) !== member || member.isExcused()) return
    this.expel(group, member)
    this.settle(group)
  }

  #dropAssignments(group: ClassicGroup, error: ErrorName): void {
    for (const member of group.members.values()) member.assignment = Buffer.alloc(0)
    this.#answerSyncs(group, error)
  }

  #answerSyncs(group: ClassicGroup, error: ErrorName): void {
    const { protocolType, protocol } = group
    for (const member of group.members.values()) {
      const { assignment } = member
      const answer = error === 'NONE' ? { error, protocolType, protocol, assignment } : refusedSync(error)
      // Its session could not end while it waited, and begins anew now.
      if (member.answerSync(answer)) this.keepAlive(group, member)
    }
  }
}
