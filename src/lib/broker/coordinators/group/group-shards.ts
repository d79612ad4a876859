import { coordinatorPartition } from '../../../bytes/java-hash.ts'
import { BugError, KtoolError } from '../../../errors.ts'
import type { Cancel } from '../../../ports/clock.ts'
import { ApiError } from '../../api-error.ts'
import type { Controller } from '../../controller/controller.ts'
import type { CoordinatorPartition } from '../coordinator-partition.ts'
import { CoordinatedShard } from './coordinated-shard.ts'
import type { GroupWorld } from './group-shard.ts'
import { inJavaMapOrder, topicPartitionHash } from './java-map-order.ts'
import { OFFSETS_TOPIC, offsetsTopicWish } from './offsets-topic.ts'

export interface GroupShardFacts {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly partitions: { get(topic: string, partition: number): CoordinatorPartition | undefined }
  readonly configs: { int(name: string): number; long(name: string): number }
  readonly world: GroupWorld
}

/** The partitions of `__consumer_offsets` that this node leads, each read when somebody asks for it first. */
export class GroupShards {
  readonly #facts: GroupShardFacts
  readonly #shards = new Map<number, CoordinatedShard>()
  /** Their logs cannot be read, and nobody but an operator can help. */
  readonly #unreadable = new WeakSet<CoordinatorPartition>()
  #cancelLoading: Cancel | null = null

  constructor(facts: GroupShardFacts) {
    this.#facts = facts
  }

  partitionFor(groupId: string): number {
    const topic = this.#facts.controller.topicByName(OFFSETS_TOPIC)
    const count = topic?.partitions.size ?? this.#facts.configs.int('offsets.topic.num.partitions')
    return coordinatorPartition(groupId, count)
  }

  /** The topic, made if there is none. */
  createTopic(): void {
    const { controller, configs } = this.#facts
    if (controller.topicByName(OFFSETS_TOPIC) !== undefined) return
    controller.createTopic(offsetsTopicWish(configs, Math.max(1, controller.image().brokers.size)))
  }

  /** Throws where this node does not coordinate the group. */
  of(groupId: string): CoordinatedShard {
    const shard = this.#ifLed(this.partitionFor(groupId))
    if (shard === undefined) throw new ApiError('NOT_COORDINATOR')
    return shard
  }

  all(): CoordinatedShard[] {
    return inPartitionOrder(this.#numbers()).flatMap((partition) => this.#ifLed(partition) ?? [])
  }

  /** What is asked of several groups is answered by partition. */
  sorted(groupIds: readonly string[]): string[] {
    const partitions = groupIds.map((groupId) => this.partitionFor(groupId))
    const order = inPartitionOrder([...new Set(partitions)])
    return order.flatMap((partition) => groupIds.filter((_, i) => partitions[i] === partition))
  }

  /** One after the other, so that nobody waits for all of them. */
  loadInTurns(): void {
    const left = this.#numbers()
    const next = (): void => {
      const partition = left.shift()
      if (partition === undefined) return
      this.#ifLed(partition)
      this.#cancelLoading = this.#facts.world.clock.after(0, next)
    }
    this.#cancelLoading = this.#facts.world.clock.after(0, next)
  }

  clear(): void {
    this.#cancelLoading?.()
    for (const shard of this.#shards.values()) shard.abandon()
    this.#shards.clear()
  }

  #ifLed(partition: number): CoordinatedShard | undefined {
    const store = this.#facts.partitions.get(OFFSETS_TOPIC, partition)
    if (store === undefined || this.#unreadable.has(store)) return undefined
    const known = this.#shards.get(partition)
    if (known?.shard.store === store) return known
    known?.abandon()
    return this.#load(store)
  }

  /** Of groups that are known in part only, members would lose what they have committed: better none of them. */
  #load(store: CoordinatorPartition): CoordinatedShard | undefined {
    const loaded = new CoordinatedShard(store, this.#facts.world)
    try {
      loaded.load()
      this.#shards.set(store.partition, loaded)
      return loaded
    } catch (cause) {
      if (!(cause instanceof KtoolError) || cause instanceof BugError) throw cause
      const facts = { partition: store.partition, reason: cause.message }
      this.#facts.world.log.log('error', 'the groups of a partition cannot be read', facts)
      this.#unreadable.add(store)
      return undefined
    }
  }

  #numbers(): number[] {
    return [...(this.#facts.controller.topicByName(OFFSETS_TOPIC)?.partitions.keys() ?? [])]
  }
}

/** Kafka keeps them by what Java's TopicPartition hashes to. */
function inPartitionOrder(partitions: readonly number[]): number[] {
  return inJavaMapOrder(partitions, (partition) => topicPartitionHash(OFFSETS_TOPIC, partition))
}
