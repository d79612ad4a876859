import { ApiError } from '../../../api-error.ts'
import type { ClassicGroup } from '../classic-group.ts'
import type { ClassicGroupRecord } from '../group-record.ts'
import type { TopicPartitions } from '../modern/assignment.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, isReconciledTo, sameMember, sameNames } from './consumer-member.ts'
import type { ConsumerGroupRecord } from './consumer-record.ts'
import type { ConsumerWorld } from './consumer-world.ts'
import {
  type EpochWorld,
  isHomogeneous,
  isSubscribed,
  type MemberChange,
  nextEpoch,
  nextTarget,
  type TargetStep,
  topicIdsOf,
} from './epochs.ts'
import type { Fences } from './fences.ts'
import { reconcile } from './reconcile.ts'
import type { Regexes } from './regexes.ts'
import { mustBeUpgradable, upgraded } from './upgrade.ts'

/** A group that a member speaks to, and what has to be written first where it is not there yet or a classic one. */
export interface OpenedGroup {
  readonly group: ConsumerGroup
  readonly classic: ClassicGroup | null
  readonly records: (ClassicGroupRecord | ConsumerGroupRecord)[]
  readonly consumerRecords: ConsumerGroupRecord[]
}

/** What members of both protocols go through: subscription, epoch, target, and a step towards it. */
export class Memberships {
  readonly #world: ConsumerWorld
  readonly #fences: Fences
  readonly #regexes: Regexes

  constructor(world: ConsumerWorld, fences: Fences, regexes: Regexes) {
    this.#world = world
    this.#fences = fences
    this.#regexes = regexes
  }

  /** Throws where there is none, and the member may not make one. */
  open(groupId: string, mayMake: boolean): OpenedGroup {
    const { shard } = this.#world
    const group = shard.consumers.get(groupId)
    if (group !== undefined) return { group, classic: null, records: [], consumerRecords: [] }
    const classic = shard.groups.get(groupId)
    const isOther = shard.typeOfOther(groupId) !== undefined
    if (isOther || (classic !== undefined && !mayMake)) {
      throw new ApiError('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a consumer group.`)
    }
    if (classic === undefined && !mayMake) {
      throw new ApiError('GROUP_ID_NOT_FOUND', `Consumer group ${groupId} not found.`)
    }
    if (classic === undefined) return made(new ConsumerGroup(groupId))
    if (classic.isIn('Empty'))
      return { ...made(new ConsumerGroup(groupId)), classic, records: [gone(groupId)] }
    mustBeUpgradable(classic, shard.world)
    // Even if nothing comes of it.
    this.#world.rebalances.refuseWaiting(classic, 'REBALANCE_IN_PROGRESS')
    const { group: next, records } = upgraded(classic, shard.world)
    return { group: next, classic, records: [gone(groupId)], consumerRecords: records }
  }

  /** All that was said, and then the classic group is no more. */
  write({ group, classic, records, consumerRecords }: OpenedGroup): void {
    const { shard, rebalances } = this.#world
    shard.write([...records, ...consumerRecords])
    if (classic === null) return
    rebalances.abandon(classic)
    for (const { memberId, classic: metadata } of group.members.values()) {
      if (metadata !== null) this.#fences.keepAlive(group.groupId, memberId, metadata.sessionTimeoutMs)
    }
  }

  epochWorld(): EpochWorld {
    const { topics, consumer, clock } = this.#world.shard.world
    return { topics, consumer, nowMs: clock.nowMs() }
  }

  mustHaveRoom(group: ConsumerGroup, memberId: string): void {
    const { maxSize } = this.#world.shard.world.consumer
    if (group.members.size < maxSize || (memberId !== '' && group.members.has(memberId))) return
    const message = `The consumer group has reached its maximum capacity of ${maxSize} members.`
    throw new ApiError('GROUP_MAX_SIZE_REACHED', message)
  }

  /** What is written of the member; true where its topics are others. */
  subscribe(
    { groupId }: ConsumerGroup,
    { before, after }: MemberChange,
    records: ConsumerGroupRecord[],
  ): boolean {
    if (sameMember(before, after)) return false
    records.push({ kind: 'consumerMember', group: groupId, memberId: after.memberId, value: after })
    return !sameNames(before.subscribedTopicNames, after.subscribedTopicNames)
  }

  updateRegexes(
    group: ConsumerGroup,
    change: MemberChange,
    mayDescribe: (topic: string) => boolean,
    records: ConsumerGroupRecord[],
  ): ReturnType<Regexes['update']> {
    return this.#regexes.update(group, change, mayDescribe, records)
  }

  step(group: ConsumerGroup, change: MemberChange, isBumped: boolean, records: ConsumerGroupRecord[]) {
    const world = this.epochWorld()
    const isDue = isBumped || group.hasExpiredMetadata(world.nowMs)
    if (isDue) return nextEpoch(group, change, isBumped, world, records)
    return { epoch: group.epoch, isHomogeneous: isHomogeneous(group) }
  }

  target(
    group: ConsumerGroup,
    change: MemberChange,
    step: ReturnType<Memberships['step']>,
    records: ConsumerGroupRecord[],
  ): TargetStep {
    return nextTarget(group, change, step, this.epochWorld(), records)
  }

  reconcile(
    group: ConsumerGroup,
    member: ConsumerMember,
    how: {
      readonly to: TargetStep
      readonly hasSubscriptionChanged: boolean
      readonly owned: readonly TopicPartitions[] | null
    },
    records: ConsumerGroupRecord[],
  ): ConsumerMember {
    const { to, hasSubscriptionChanged, owned } = how
    if (!hasSubscriptionChanged && isReconciledTo(member, to.epoch)) return member
    const next = reconcile(member, {
      targetEpoch: to.epoch,
      target: to.target,
      hasSubscriptionChanged,
      owned,
      subscribedTopicIds: topicIdsOf(member, group.regexes, this.#world.shard.world.topics),
      isSubscribed: isSubscribed(member, group.regexes),
      isOwned: (topicId, partition) => group.partitionEpochs.isOwned(topicId, partition),
    })
    if (sameMember(next, member)) return next
    const { groupId } = group
    records.push({ kind: 'consumerAssignment', group: groupId, memberId: next.memberId, value: next })
    return next
  }

  /** After it was written. */
  watchRevocation(groupId: string, before: ConsumerMember, { ...after }: ConsumerMember): void {
    if (sameMember(before, after) || after.classic !== null) return
    if (after.state === 'UNREVOKED_PARTITIONS') this.#fences.awaitRevocation(groupId, after)
    else this.#fences.endRevocation(groupId, after.memberId)
  }
}

function made(group: ConsumerGroup): OpenedGroup {
  return { group, classic: null, records: [], consumerRecords: [] }
}

function gone(group: string): ClassicGroupRecord {
  return { kind: 'classicGroup', group, stored: null }
}
