import { coordinatorPartition } from '../../bytes/java-hash.ts'
import { BugError, KtoolError } from '../../errors.ts'
import type { Cancel, Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import { ApiError } from '../api-error.ts'
import type { Controller, TopicWish } from '../controller/controller.ts'

interface Store {
  readonly partition: number
}

/** What coordinators of one kind keep in which topic, and what they make of a partition of it. */
export interface ShardKind<P extends Store, S> {
  readonly topic: string
  /** How many partitions the topic gets. */
  readonly partitionsSetting: string
  /** What the operator is told of a partition whose log cannot be read. */
  readonly unreadable: string
  topicWish(nodes: number): TopicWish
  storeAt(partition: number): P | undefined
  storeOf(shard: S): P
  /** Throws where the log cannot be read. */
  load(store: P): S
  /** It stands among the others now. */
  loaded(shard: S): void
  /** Nobody asks it any more. */
  abandon(shard: S): void
}

export interface ShardWorld {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly configs: { int(name: string): number }
  readonly clock: Clock
  readonly log: LogSink
}

/** The partitions of an internal topic that this node leads, each read when somebody asks for it first. */
export class Shards<P extends Store, S> {
  readonly #kind: ShardKind<P, S>
  readonly #world: ShardWorld
  readonly #shards = new Map<number, S>()
  /** Their logs cannot be read, and nobody but an operator can help. */
  readonly #unreadable = new WeakSet<P>()
  #cancelLoading: Cancel | null = null

  constructor(kind: ShardKind<P, S>, world: ShardWorld) {
    this.#kind = kind
    this.#world = world
  }

  /** Where the coordinator of this id is: of a group, or of a transactional id. */
  partitionFor(id: string): number {
    const topic = this.#world.controller.topicByName(this.#kind.topic)
    const count = topic?.partitions.size ?? this.#world.configs.int(this.#kind.partitionsSetting)
    return coordinatorPartition(id, count)
  }

  /** The topic, made if there is none. */
  createTopic(): void {
    const { controller } = this.#world
    if (controller.topicByName(this.#kind.topic) !== undefined) return
    controller.createTopic(this.#kind.topicWish(Math.max(1, controller.image().brokers.size)))
  }

  /** Throws where this node does not coordinate the id. */
  of(id: string): S {
    const shard = this.#ifLed(this.partitionFor(id))
    if (shard === undefined) throw new ApiError('NOT_COORDINATOR')
    return shard
  }

  all(): S[] {
    return this.inOrder(this.#numbers()).flatMap((partition) => this.#ifLed(partition) ?? [])
  }

  /** Those that were read already. */
  loaded(): IterableIterator<S> {
    return this.#shards.values()
  }

  /** One after the other, so that nobody waits for all of them. */
  loadInTurns(): void {
    const left = this.#numbers()
    const next = (): void => {
      const partition = left.shift()
      if (partition === undefined) return
      this.#ifLed(partition)
      this.#cancelLoading = this.#world.clock.after(0, next)
    }
    this.#cancelLoading = this.#world.clock.after(0, next)
  }

  clear(): void {
    this.#cancelLoading?.()
    for (const shard of this.#shards.values()) this.#kind.abandon(shard)
    this.#shards.clear()
  }

  /** In which order Kafka goes through partitions. */
  protected inOrder(partitions: readonly number[]): readonly number[] {
    return partitions
  }

  #ifLed(partition: number): S | undefined {
    const store = this.#kind.storeAt(partition)
    if (store === undefined || this.#unreadable.has(store)) return undefined
    const known = this.#shards.get(partition)
    if (known === undefined) return this.#load(store)
    if (this.#kind.storeOf(known) === store) return known
    this.#kind.abandon(known)
    return this.#load(store)
  }

  /** What is known in part only would mislead clients, or stay open for ever: better none of it. */
  #load(store: P): S | undefined {
    let shard: S
    try {
      shard = this.#kind.load(store)
    } catch (cause) {
      if (!(cause instanceof KtoolError) || cause instanceof BugError) throw cause
      this.#world.log.log('error', this.#kind.unreadable, {
        partition: store.partition,
        reason: cause.message,
      })
      this.#unreadable.add(store)
      return undefined
    }
    this.#shards.set(store.partition, shard)
    this.#kind.loaded(shard)
    return shard
  }

  #numbers(): number[] {
    return [...(this.#world.controller.topicByName(this.#kind.topic)?.partitions.keys() ?? [])]
  }
}
