import { coordinatorPartition } from '../../../bytes/java-hash.ts'
import { BugError, KtoolError } from '../../../errors.ts'
import type { Cancel, Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import { ApiError } from '../../api-error.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import type { Controller } from '../../controller/controller.ts'
import { TransactionShard, type TransactionStore } from './transaction-shard.ts'
import { TRANSACTION_TOPIC, transactionTopicWish } from './transaction-topic.ts'

export interface ShardFacts {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly stores: { get(topic: string, partition: number): TransactionStore | undefined }
  readonly configs: Pick<BrokerConfigs, 'int'>
  readonly clock: Clock
  readonly log: LogSink
  /** After a shard was read: what was decided there and is not done. */
  loaded(shard: TransactionShard): void
}

/** The partitions of `__transaction_state` that this node leads, each read when somebody asks for it first. */
export class TransactionShards {
  readonly #facts: ShardFacts
  readonly #shards = new Map<number, TransactionShard>()
  /** Their logs cannot be read, and nobody but an operator can help. */
  readonly #unreadable = new WeakSet<TransactionStore>()
  #cancelLoading: Cancel | null = null

  constructor(facts: ShardFacts) {
    this.#facts = facts
  }

  partitionFor(transactionalId: string): number {
    return coordinatorPartition(transactionalId, this.#partitionCount())
  }

  /** The topic, made if there is none. */
  createTopic(): void {
    const { controller, configs } = this.#facts
    if (controller.topicByName(TRANSACTION_TOPIC) !== undefined) return
    controller.createTopic(transactionTopicWish(configs, Math.max(1, controller.image().brokers.size)))
  }

  of(transactionalId: string): TransactionShard {
    return this.#at(this.partitionFor(transactionalId))
  }

  all(): TransactionShard[] {
    return this.#numbers().flatMap((partition) => this.#ifLed(partition) ?? [])
  }

  /** One after the other, so that nobody waits for all of them. */
  loadInTurns(): void {
    const left = this.#numbers()
    const next = (): void => {
      const partition = left.shift()
      if (partition === undefined) return
      this.#ifLed(partition)
      this.#cancelLoading = this.#facts.clock.after(0, next)
    }
    this.#cancelLoading = this.#facts.clock.after(0, next)
  }

  clear(): void {
    this.#cancelLoading?.()
    this.#shards.clear()
  }

  #at(partition: number): TransactionShard {
    const shard = this.#ifLed(partition)
    if (shard === undefined) throw new ApiError('NOT_COORDINATOR')
    return shard
  }

  #ifLed(partition: number): TransactionShard | undefined {
    const store = this.#facts.stores.get(TRANSACTION_TOPIC, partition)
    if (store === undefined || this.#unreadable.has(store)) return undefined
    const known = this.#shards.get(partition)
    return known?.store === store ? known : this.#load(store)
  }

  /** Of transactions that are known in part only, some would stay open for ever: better none of them. */
  #load(store: TransactionStore): TransactionShard | undefined {
    const shard = new TransactionShard(store, this.#facts.log)
    try {
      shard.load()
    } catch (cause) {
      if (!(cause instanceof KtoolError) || cause instanceof BugError) throw cause
      const facts = { partition: store.partition, reason: cause.message }
      this.#facts.log.log('error', 'the transactions of a partition cannot be read', facts)
      this.#unreadable.add(store)
      return undefined
    }
    this.#shards.set(store.partition, shard)
    this.#facts.loaded(shard)
    return shard
  }

  #numbers(): number[] {
    return [...(this.#facts.controller.topicByName(TRANSACTION_TOPIC)?.partitions.keys() ?? [])]
  }

  #partitionCount(): number {
    const topic = this.#facts.controller.topicByName(TRANSACTION_TOPIC)
    return topic?.partitions.size ?? this.#facts.configs.int('transaction.state.log.num.partitions')
  }
}
