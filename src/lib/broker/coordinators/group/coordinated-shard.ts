import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { CoordinatorPartition } from '../coordinator-partition.ts'
import { Commits } from './commits.ts'
import { Departures } from './departures.ts'
import { GroupShard, type GroupWorld } from './group-shard.ts'
import { beat, type Heartbeat } from './heartbeats.ts'
import { Joins } from './joins.ts'
import { Rebalances } from './rebalances.ts'
import { Removals } from './removals.ts'
import { Syncs } from './syncs.ts'

/** A partition of `__consumer_offsets`, and all that can happen to its groups. */
export class CoordinatedShard {
  readonly shard: GroupShard
  readonly joins: Joins
  readonly syncs: Syncs
  readonly departures: Departures
  readonly commits: Commits
  readonly removals: Removals
  readonly #rebalances: Rebalances

  constructor(store: CoordinatorPartition, world: GroupWorld) {
    this.shard = new GroupShard(store, world)
    this.#rebalances = new Rebalances(this.shard)
    this.joins = new Joins(this.shard, this.#rebalances)
    this.syncs = new Syncs(this.shard, this.#rebalances)
    this.departures = new Departures(this.shard, this.#rebalances)
    this.commits = new Commits(this.shard, this.#rebalances)
    this.removals = new Removals(this.shard, this.#rebalances)
  }

  /** Members that were there before the last stop have one session time-out to be heard from again. */
  load(): void {
    this.shard.load()
    for (const group of this.shard.groups.values()) {
      for (const member of group.members.values()) this.#rebalances.keepAlive(group, member)
      if (group.members.size > this.shard.world.settings.maxSize) this.#rebalances.start(group)
    }
  }

  beat(heartbeat: Heartbeat): ErrorName {
    return beat(this.shard, this.#rebalances, heartbeat)
  }

  /** Somebody else coordinates these groups from now on, or nobody. */
  abandon(): void {
    for (const group of this.shard.groups.values()) this.#rebalances.abandon(group)
  }
}
