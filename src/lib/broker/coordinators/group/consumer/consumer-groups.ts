import type { LiveTopic } from '../../../controller/controller.ts'
import type { GroupShard } from '../group-shard.ts'
import type { Rebalances } from '../rebalances.ts'
import { ClassicMembers } from './classic-members.ts'
import { ConsumerHeartbeats } from './consumer-heartbeats.ts'
import { Fences } from './fences.ts'
import { Memberships } from './memberships.ts'
import { Regexes } from './regexes.ts'
import { Timers } from './timers.ts'

/** All that can happen to the consumer groups of a partition of `__consumer_offsets`. */
export class ConsumerGroups {
  readonly heartbeats: ConsumerHeartbeats
  readonly classicMembers: ClassicMembers
  readonly #shard: GroupShard
  readonly #timers: Timers
  readonly #fences: Fences

  constructor(shard: GroupShard, rebalances: Rebalances) {
    this.#shard = shard
    this.#timers = new Timers(shard.world.clock)
    const world = { shard, rebalances, timers: this.#timers }
    this.#fences = new Fences(world)
    const memberships = new Memberships(world, this.#fences, new Regexes(world))
    this.heartbeats = new ConsumerHeartbeats(world, this.#fences, memberships)
    this.classicMembers = new ClassicMembers(world, this.#fences, memberships)
  }

  /** Members that were there before the last stop have their time anew. */
  loaded(): void {
    const { consumer } = this.#shard.world
    for (const { groupId, members } of this.#shard.consumers.values()) {
      const timeoutMs = consumer.sessionTimeoutMs(groupId)
      for (const member of members.values()) {
        this.#fences.keepAlive(groupId, member.memberId, timeoutMs)
        if (member.state === 'UNREVOKED_PARTITIONS') this.#fences.awaitRevocation(groupId, member)
      }
    }
  }

  topicChanged({ name }: LiveTopic): void {
    for (const group of this.#shard.consumers.values()) {
      if (group.subscriptions.has(name)) group.refreshMetadataBy(0, 0)
    }
  }

  /** Somebody else coordinates these groups from now on, or nobody. */
  abandon(): void {
    this.#timers.clear()
  }
}
