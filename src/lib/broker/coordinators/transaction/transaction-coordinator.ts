import { ApiError } from '../../api-error.ts'
import type { BrokerPorts } from '../../broker-ports.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import type { Controller, LiveTopic, MetadataSubscriber } from '../../controller/controller.ts'
import { refusalOf, withPartitions } from './add-partitions.ts'
import { completed, type EndWish, ended, fenced } from './end-transaction.ts'
import { type InitialiseWish, initialise } from './initialise.ts'
import { ProducerIds } from './producer-ids.ts'
import {
  isEnding,
  isExhausted,
  type ProducerIdentity,
  raisesEpoch,
  type Transaction,
  type TransactionPartitions,
} from './transaction.ts'
import { COMPLETED_AFTER_MS, TransactionEndings, type TransactionStores } from './transaction-endings.ts'
import type { TransactionShard } from './transaction-shard.ts'
import { TransactionShards } from './transaction-shards.ts'
import { TransactionSweeps } from './transaction-sweeps.ts'
import { TRANSACTION_TOPIC } from './transaction-topic.ts'
import type { TransactionWorld } from './transaction-world.ts'

export interface TransactionCoordinatorFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: Pick<BrokerConfigs, 'int' | 'boolean'>
  readonly controller: Pick<
    Controller,
    'topicByName' | 'createTopic' | 'image' | 'featureLevel' | 'allocateProducerIds' | 'subscribe'
  >
  readonly partitions: TransactionStores
}

/** `transaction.version` of a client that adds partitions by writing to them. */
const WRITING_CLIENT = 2

/** Partitions that records of a transaction are about to go to. */
export interface TransactionEntry extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
  readonly mayAdd: boolean
}

export interface AddPartitionsWish extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: TransactionPartitions
  readonly clientVersion: number
}

/** Transactional ids and producer ids; which partition of `__transaction_state` an id lives in. */
export class TransactionCoordinator implements MetadataSubscriber {
  readonly #facts: TransactionCoordinatorFacts
  readonly #producerIds: ProducerIds
  readonly #shards: TransactionShards
  readonly #endings: TransactionEndings
  readonly #sweeps: TransactionSweeps

  constructor(facts: TransactionCoordinatorFacts) {
    const { controller, configs, partitions: stores, ports } = facts
    const { clock, log } = ports
    this.#facts = facts
    this.#producerIds = new ProducerIds(controller)
    this.#endings = new TransactionEndings({ stores, clock, log, serverVersion: () => this.#serverVersion() })
    this.#shards = new TransactionShards({
      ...{ controller, stores, configs, clock, log },
      loaded: (shard) => this.#resume(shard),
    })
    this.#sweeps = new TransactionSweeps({
      ...{ clock, configs },
      shards: () => this.#shards.all(),
      abort: (shard, transaction) => this.#fence(shard, transaction),
    })
  }

  /** Takes up what was decided before the last stop, and watches over time from now on. */
  start(): void {
    this.#facts.controller.subscribe(this)
    this.#shards.loadInTurns()
    this.#sweeps.start()
  }

  /** Whatever was decided is done, if the disk lets us. */
  async stop(): Promise<void> {
    this.#sweeps.stop()
    await this.#endings.hurryAll()
    this.#endings.stop()
    this.#shards.clear()
  }

  topicDeleted(topic: LiveTopic): void {
    if (topic.name !== TRANSACTION_TOPIC) return
    this.#endings.stop()
    this.#shards.clear()
  }

  partitionFor(transactionalId: string): number {
    return this.#shards.partitionFor(transactionalId)
  }

  /** `__transaction_state`, made when the first transactional producer asks for its coordinator. */
  createTopic(): void {
    this.#shards.createTopic()
  }

  async newProducerId(): Promise<number> {
    await this.#producerIds.ready()
    return this.#producerIds.next()
  }

  async initialise(wish: InitialiseWish): Promise<ProducerIdentity> {
    await this.#producerIds.ready()
    const shard = this.#shards.of(wish.transactionalId)
    const { next, isFence } = initialise(shard.get(wish.transactionalId), wish, this.#world())
    this.#write(shard, next)
    await shard.durable()
    // The producer asks again, and finds that the transaction of the one before is done with.
    if (isFence) throw new ApiError('CONCURRENT_TRANSACTIONS')
    return next
  }

  /** Who is it that goes on: with KIP-890 an epoch higher than who asked. */
  async end(transactionalId: string, wish: EndWish): Promise<ProducerIdentity> {
    // It may be given another id.
    if (isExhausted(wish.producerEpoch)) await this.#producerIds.ready()
    const shard = this.#shards.of(transactionalId)
    if (isOfAnother(shard.get(transactionalId), wish)) await this.#endings.hurry(transactionalId)
    const known = shard.get(transactionalId)
    const next = ended(known, wish, this.#world())
    if (next !== null) this.#write(shard, next, COMPLETED_AFTER_MS)
    await shard.durable()
    return next === null ? (known ?? wish) : completed(next, next.updateMs)
  }

  async addPartitions(wish: AddPartitionsWish): Promise<void> {
    const shard = this.#shards.of(wish.transactionalId)
    await this.#endOfPrevious(shard, wish)
    this.#add(shard, wish)
    await shard.durable()
  }

  /** Throws why the partition may not be written to. */
  verify(transactionalId: string, producer: ProducerIdentity, topic: string, partition: number): void {
    const known = this.#shards.of(transactionalId).get(transactionalId)
    const refusal = refusalOf(known, producer, topic, partition)
    if (refusal !== null) throw new ApiError(refusal)
  }

  /**
   * Before Produce writes a transaction's first records to partitions. Up to version 11 the client has added them,
   * and they are looked up; from version 12 on (KIP-890) they are added here. Throws the ApiError that Kafka's
   * coordinator answers to AddPartitionsToTxn with or without verifyOnly: TRANSACTION_ABORTABLE,
   * INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_ID_MAPPING, CONCURRENT_TRANSACTIONS … A promise only where the added
   * partitions are not yet as safe as the broker promises, or where the transaction before is not quite over:
   * records must not go before that.
   */
  enterPartitions(entry: TransactionEntry): Promise<void> | undefined {
    try {
      if (entry.transactionalId === '') throw new ApiError('INVALID_REQUEST')
      return entry.mayAdd ? this.#enterAdding(entry)?.catch(asProduceSays) : this.#enterAdded(entry)
    } catch (cause) {
      return asProduceSays(cause)
    }
  }

  /** Throws where there is none of this name. */
  describe(transactionalId: string): Transaction {
    const known = this.#shards.of(transactionalId).get(transactionalId)
    if (known === undefined) throw new ApiError('TRANSACTIONAL_ID_NOT_FOUND')
    return this.#endings.left(known)
  }

  all(): Transaction[] {
    return this.#shards.all().flatMap((shard) => [...shard.all()])
  }

  #enterAdding(entry: TransactionEntry): Promise<void> | undefined {
    const shard = this.#shards.of(entry.transactionalId)
    const wish = { ...entry, partitions: byTopic(entry), clientVersion: WRITING_CLIENT }
    const wait = this.#endOfPrevious(shard, wish)
    if (wait !== undefined) return wait.then(() => (this.#add(shard, wish) ? shard.durable() : undefined))
    return this.#add(shard, wish) ? shard.durable() : undefined
  }

  #enterAdded(entry: TransactionEntry): undefined {
    if (!this.#facts.configs.boolean('transaction.partition.verification.enable')) return
    for (const { topic, partition } of entry.partitions) {
      this.verify(entry.transactionalId, entry, topic, partition)
    }
  }

  #add(shard: TransactionShard, wish: AddPartitionsWish): boolean {
    const { transactionalId, partitions, clientVersion } = wish
    const known = shard.get(transactionalId)
    const next = withPartitions(known, wish, partitions, clientVersion, this.#world())
    if (next === null) return false
    this.#write(shard, next)
    return true
  }

  /**
   * Kafka sends a producer away that begins its next transaction while markers of the last are under way. Here
   * they can be written at once.
   */
  #endOfPrevious(shard: TransactionShard, wish: AddPartitionsWish): Promise<void> | undefined {
    const known = shard.get(wish.transactionalId)
    if (known === undefined || !isEnding(known)) return undefined
    return this.#endings.hurry(wish.transactionalId)
  }

  #fence(shard: TransactionShard, transaction: Transaction): void {
    this.#write(shard, fenced(transaction, this.#world()))
  }

  #write(shard: TransactionShard, transaction: Transaction, completedAfterMs = 0): void {
    shard.write(transaction, this.#serverVersion())
    if (isEnding(transaction)) this.#endings.begin(shard, transaction.transactionalId, completedAfterMs)
  }

  #resume(shard: TransactionShard): void {
    for (const transaction of shard.all()) {
      if (isEnding(transaction)) this.#endings.begin(shard, transaction.transactionalId)
    }
  }

  #world(): TransactionWorld {
    return {
      nowMs: this.#facts.ports.clock.nowMs(),
      serverVersion: this.#serverVersion(),
      newProducerId: () => this.#producerIds.next(),
    }
  }

  #serverVersion(): number {
    return this.#facts.controller.featureLevel('transaction.version')
  }
}

/** Who never began what is ending has nothing to wait for: Kafka would most often be done by then. */
function isOfAnother(
  known: Transaction | undefined,
  { producerId, producerEpoch, clientVersion }: EndWish,
): boolean {
  if (known === undefined || !isEnding(known) || !raisesEpoch(clientVersion)) return false
  return known.producerId !== producerId || known.producerEpoch !== producerEpoch + 1
}

function byTopic({ partitions }: TransactionEntry): TransactionPartitions {
  const topics = new Map<string, Set<number>>()
  for (const { topic, partition } of partitions) {
    const known = topics.get(topic)
    if (known === undefined) topics.set(topic, new Set([partition]))
    else known.add(partition)
  }
  return topics
}

/** Producers know the older name of it. */
function asProduceSays(cause: unknown): never {
  if (cause instanceof ApiError && cause.error === 'PRODUCER_FENCED')
    throw new ApiError('INVALID_PRODUCER_EPOCH')
  throw cause
}
