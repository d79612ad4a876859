import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { CoordinatorPartition } from '../coordinator-partition.ts'
import { Commits } from './commits.ts'
import type { ConsumerGroup } from './consumer/consumer-group.ts'
import { ConsumerGroups } from './consumer/consumer-groups.ts'
import { Departures, type Leaver, type Left } from './departures.ts'
import type { JoinAnswer, SyncAnswer } from './group-answers.ts'
import { GroupShard, type GroupWorld } from './group-shard.ts'
import { beat, type Heartbeat } from './heartbeats.ts'
import { type AnswerJoin, Joins, type JoinWish } from './joins.ts'
import { Rebalances } from './rebalances.ts'
import { Removals } from './removals.ts'
import { type AnswerSync, Syncs, type SyncWish } from './syncs.ts'

/** A partition of `__consumer_offsets`, and all that can happen to its groups. */
export class CoordinatedShard {
  readonly shard: GroupShard
  readonly joins: Joins
  readonly syncs: Syncs
  readonly departures: Departures
  readonly commits: Commits
  readonly removals: Removals
  readonly consumers: ConsumerGroups
  readonly #rebalances: Rebalances

  constructor(store: CoordinatorPartition, world: GroupWorld) {
    this.shard = new GroupShard(store, world)
    this.#rebalances = new Rebalances(this.shard)
    this.joins = new Joins(this.shard, this.#rebalances)
    this.syncs = new Syncs(this.shard, this.#rebalances)
    this.departures = new Departures(this.shard, this.#rebalances)
    this.commits = new Commits(this.shard, this.#rebalances)
    this.removals = new Removals(this.shard, this.#rebalances)
    this.consumers = new ConsumerGroups(this.shard, this.#rebalances)
  }

  /** Members that were there before the last stop have one session time-out to be heard from again. */
  load(): void {
    this.shard.load()
    for (const group of this.shard.groups.values()) {
      for (const member of group.members.values()) this.#rebalances.keepAlive(group, member)
      if (group.members.size > this.shard.world.settings.maxSize) this.#rebalances.start(group)
    }
    this.consumers.loaded()
  }

  /** A consumer group takes members of the classic protocol, unless it is empty: then it becomes a classic one. */
  join(wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const group = this.#withMembers(wish.groupId)
    if (group === undefined) return this.joins.join(wish, answerLater)
    return this.consumers.classicMembers.join(group, wish, answerLater)
  }

  sync(wish: SyncWish, answerLater: AnswerSync): SyncAnswer | null {
    const group = this.#withMembers(wish.groupId)
    if (group === undefined) return this.syncs.sync(wish, answerLater)
    return this.consumers.classicMembers.sync(group, wish, answerLater)
  }

  beat(heartbeat: Heartbeat): ErrorName {
    const group = this.shard.consumers.get(heartbeat.groupId)
    if (group === undefined) return beat(this.shard, this.#rebalances, heartbeat)
    try {
      return this.consumers.classicMembers.beat(group, heartbeat)
    } catch (cause) {
      if (cause instanceof ApiError) return cause.error
      throw cause
    }
  }

  leave(groupId: string, leavers: readonly Leaver[]): Left[] {
    const group = this.shard.consumers.get(groupId)
    if (group === undefined) return this.departures.leave(groupId, leavers)
    return this.consumers.classicMembers.leave(group, leavers)
  }

  #withMembers(groupId: string): ConsumerGroup | undefined {
    const group = this.shard.consumers.get(groupId)
    return group === undefined || group.members.size === 0 ? undefined : group
  }

  /** Somebody else coordinates these groups from now on, or nobody. */
  abandon(): void {
    for (const group of this.shard.groups.values()) this.#rebalances.abandon(group)
    this.consumers.abandon()
  }
}
