import { javaHash } from '../../../bytes/java-hash.ts'
import { ApiError } from '../../api-error.ts'
import { inJavaMapOrder } from '../../java-map-order.ts'
import { allSpeak, chooseProtocol } from './choose-protocol.ts'
import { ClassicMember, type MemberProtocol } from './classic-member.ts'
import type { Deadline } from './deadline.ts'
import { type JoinedMember, refusedJoin, refusedSync } from './group-answers.ts'
import type { StoredClassicGroup } from './stored-classic-group.ts'
import { subscribedTopics } from './subscribed-topics.ts'

/** How many members Kafka's table of members holds before it is laid out anew. */
const SMALL = 11

export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

/**
 * A classic group: who is in it, and how far its rebalance is. Only what a rebalance came to is written to the
 * log (see `stored`); its steps are lost with the broker, and members that were in it start over.
 */
export class ClassicGroup {
  readonly groupId: string
  readonly members = new Map<string, ClassicMember>()
  /** Member ids by instance. */
  readonly staticMembers = new Map<string, string>()
  /** Have been given an id and are to come back with it. */
  readonly pendingJoins = new Map<string, Deadline>()
  /** Have been told the generation, and not yet asked for their assignment. */
  readonly pendingSyncs = new Set<string>()
  state: ClassicGroupState = 'Empty'
  previousState: ClassicGroupState | null = null
  stateTimestampMs: number
  generation = 0
  protocolType: string | null = null
  protocol: string | null = null
  leader: string | null = null
  /** Somebody joined while the first members are being waited for. */
  hasNewMember = false
  joinDeadline: Deadline | null = null
  syncDeadline: Deadline | null = null
  #subscribedTopics: ReadonlySet<string> | null = null

  constructor(groupId: string, nowMs: number) {
    this.groupId = groupId
    this.stateTimestampMs = nowMs
  }

  /** As its record has it: the steps of a rebalance are not written. */
  static fromStored(groupId: string, stored: StoredClassicGroup): ClassicGroup {
    const group = new ClassicGroup(groupId, stored.stateTimestampMs)
    group.state = stored.members.length === 0 ? 'Empty' : 'Stable'
    group.generation = stored.generation
    group.protocolType = stored.protocolType === '' ? null : stored.protocolType
    group.protocol = stored.protocol
    group.leader = stored.leader
    for (const member of stored.members) {
      const protocols = [{ name: stored.protocol ?? '', metadata: member.subscription }]
      const added = new ClassicMember({ ...member, protocols })
      added.assignment = member.assignment
      group.add(added, group.protocolType ?? '')
    }
    group.#subscribedTopics = subscribedTopics(group.protocolType, group.protocol, [
      ...group.members.values(),
    ])
    return group
  }

  isIn(...states: readonly ClassicGroupState[]): boolean {
    return states.includes(this.state)
  }

  moveTo(state: ClassicGroupState, nowMs: number): void {
    this.previousState = this.state
    this.state = state
    this.stateTimestampMs = nowMs
  }

  /** Next generation, with what its members have agreed on. */
  nextGeneration(nowMs: number): void {
    const members = [...this.members.values()]
    this.generation++
    this.protocol = chooseProtocol(members) ?? null
    this.#subscribedTopics = subscribedTopics(this.protocolType, this.protocol, members)
    this.pendingSyncs.clear()
    this.moveTo(members.length === 0 ? 'Empty' : 'CompletingRebalance', nowMs)
  }

  /** The members have agreed elsewhere, and now agree here. */
  settleProtocol(): void {
    this.protocol = this.chosenProtocol()
    this.#subscribedTopics = subscribedTopics(this.protocolType, this.protocol, [...this.members.values()])
  }

  isLeader(memberId: string): boolean {
    return this.leader === memberId
  }

  /** An empty group takes any that names something; another takes whom all its members can talk to. */
  accepts(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0
    return (
      this.protocolType === protocolType &&
      protocols.some(({ name }) => allSpeak(this.members.values(), name))
    )
  }

  add(member: ClassicMember, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId)
    this.leader ??= member.memberId
    this.members.set(member.memberId, member)
    this.forgetPending(member.memberId)
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId)
    this.members.delete(memberId)
    member?.session?.clear()
    const instance = member?.groupInstanceId ?? null
    if (instance !== null) this.staticMembers.delete(instance)
    if (this.isLeader(memberId)) this.leader = this.inKafkasOrder()[0]?.memberId ?? null
    this.forgetPending(memberId)
    this.pendingSyncs.delete(memberId)
  }

  /**
   * Another process has taken the static member's place: the one before is told, should it wait. Had it not synced
   * yet, Kafka goes on waiting for that id: the group rebalances when the time to sync is over, whoever has synced.
   */
  replace(before: ClassicMember, memberId: string): ClassicMember {
    before.answerJoin(refusedJoin('FENCED_INSTANCE_ID', before.memberId))
    before.answerSync(refusedSync('FENCED_INSTANCE_ID'))
    before.session?.clear()
    this.members.delete(before.memberId)
    const member = new ClassicMember({ ...before, memberId })
    member.assignment = before.assignment
    this.members.set(memberId, member)
    if (before.groupInstanceId !== null) this.staticMembers.set(before.groupInstanceId, memberId)
    if (this.isLeader(before.memberId)) this.leader = memberId
    return member
  }

  forgetPending(memberId: string): void {
    this.pendingJoins.get(memberId)?.clear()
    this.pendingJoins.delete(memberId)
  }

  /** Kafka's answer to who is not a member, or was replaced by another one of the same instance. */
  memberOf(memberId: string, groupInstanceId: string | null): ClassicMember {
    if (groupInstanceId !== null) {
      const known = this.staticMembers.get(groupInstanceId)
      if (known === undefined) throw new ApiError('UNKNOWN_MEMBER_ID')
      if (known !== memberId) throw new ApiError('FENCED_INSTANCE_ID')
    }
    const member = this.members.get(memberId)
    if (member === undefined) throw new ApiError('UNKNOWN_MEMBER_ID')
    return member
  }

  haveAllJoined(): boolean {
    return this.pendingJoins.size === 0 && this.awaitingJoinCount() === this.members.size
  }

  awaitingJoinCount(): number {
    let count = 0
    for (const { awaitingJoin } of this.members.values()) if (awaitingJoin !== null) count++
    return count
  }

  /** A leader that has joined; false where no member has. */
  electJoinedLeader(): boolean {
    if (this.leader === null) return false
    if (this.members.get(this.leader)?.awaitingJoin != null) return true
    const joined = this.inKafkasOrder().find(({ awaitingJoin }) => awaitingJoin !== null)
    if (joined !== undefined) this.leader = joined.memberId
    return joined !== undefined
  }

  /** In a large group nobody looks, and looking would take long. */
  wouldBeLast(memberId: string): boolean {
    const others = [...this.members.keys(), ...this.pendingJoins.keys()]
    return others.length > SMALL || inJavaMapOrder([...others, memberId], javaHash).at(-1) === memberId
  }

  /** Who leads next, and who is named first, is whose id has the lowest hash. */
  inKafkasOrder(): ClassicMember[] {
    return inJavaMapOrder([...this.members.values()], ({ memberId }) => javaHash(memberId))
  }

  /** That of its most patient member. */
  rebalanceTimeoutMs(): number {
    let longest = 0
    for (const { rebalanceTimeoutMs } of this.members.values())
      longest = Math.max(longest, rebalanceTimeoutMs)
    return longest
  }

  chosenProtocol(): string {
    return chooseProtocol([...this.members.values()]) ?? ''
  }

  joinedMembers(): JoinedMember[] {
    const protocol = this.protocol ?? ''
    return this.inKafkasOrder().map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: member.metadataOf(protocol),
    }))
  }

  /** Where nobody can read what the members of a consumer group subscribed to, it may be any topic. */
  isSubscribedTo(topic: string): boolean {
    if (this.protocolType !== 'consumer') return false
    return this.#subscribedTopics === null || this.#subscribedTopics.has(topic)
  }

  knowsSubscriptions(): boolean {
    return this.#subscribedTopics !== null
  }

  stored(): StoredClassicGroup {
    return {
      protocolType: this.protocolType ?? '',
      generation: this.generation,
      protocol: this.protocol,
      leader: this.leader,
      stateTimestampMs: this.stateTimestampMs,
      members: this.inKafkasOrder().map((member) => member.stored(this.protocol)),
    }
  }
}
