import { ApiError } from '../../../../../src/lib/broker/api-error.ts'
import type {
  LiveTopic,
  MetadataSubscriber,
  TopicWish,
} from '../../../../../src/lib/broker/controller/controller.ts'
import {
  TransactionCoordinator,
  type TransactionCoordinatorFacts,
} from '../../../../../src/lib/broker/coordinators/transaction/transaction-coordinator.ts'
import type { Node } from '../../../../../src/lib/broker/node.ts'
import type { MetadataImage, PartitionImage } from '../../../../../src/lib/log/cluster/metadata-image.ts'
import type { LogSink } from '../../../../../src/lib/ports/log-sink.ts'
import { SimClock } from '../../../../simulation/sim-clock.ts'
import { MemoryStore } from './memory-store.ts'

const settings: Readonly<Record<string, number>> = {
  'transaction.state.log.num.partitions': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
  'transaction.state.log.segment.bytes': 104_857_600,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 10_000,
  'transaction.remove.expired.transaction.cleanup.interval.ms': 3_600_000,
  'transactional.id.expiration.ms': 604_800_000,
  'transaction.max.timeout.ms': 900_000,
}

/** All that a transaction coordinator has to do with, in memory: topics, partitions and time. */
export class MemoryCluster {
  readonly clock = new SimClock()
  readonly warnings: string[] = []
  readonly wishes: TopicWish[] = []
  readonly #topics = new Map<string, MemoryStore[]>()
  readonly #subscribers: MetadataSubscriber[] = []
  #nextProducerId = 0
  transactionVersion = 2
  isVerifying = true

  /** A coordinator that finds what the last one left behind. */
  coordinator(): TransactionCoordinator {
    const log: LogSink = { log: (_level, message) => this.warnings.push(message) }
    const facts: TransactionCoordinatorFacts = {
      ports: { clock: this.clock, log },
      configs: { int: (name) => settings[name] ?? Number.NaN, boolean: () => this.isVerifying },
      controller: {
        topicByName: (name) => this.#topic(name),
        createTopic: (wish) => this.#create(wish),
        image: () => ({ brokers: new Map([[1, {}]]) }) as unknown as MetadataImage,
        featureLevel: () => this.transactionVersion,
        allocateProducerIds: async () => ({ first: 1000 * this.#nextProducerId++, count: 1000 }),
        subscribe: (subscriber) => this.#subscribers.push(subscriber),
      },
      partitions: { get: (topic, partition) => this.#topics.get(topic)?.[partition] },
    }
    return new TransactionCoordinator(facts)
  }

  /** What APIs reach of a node. */
  node(transactions: TransactionCoordinator): Node {
    const node = {
      transactions,
      ports: { clock: this.clock },
      configs: { int: (name: string) => settings[name] },
      controller: { topicByName: (name: string) => this.#topic(name), durable: async () => {} },
      groups: { partitionFor: () => 0 },
      authorizer: null,
    }
    return node as unknown as Node
  }

  addTopic(name: string, partitions: number): void {
    this.#topics.set(
      name,
      Array.from({ length: partitions }, (_, i) => new MemoryStore(i)),
    )
  }

  deleteTopic(name: string): void {
    const topic = this.#topic(name)
    this.#topics.delete(name)
    for (const subscriber of this.#subscribers) if (topic !== undefined) subscriber.topicDeleted?.(topic)
  }

  store(topic: string, partition: number): MemoryStore {
    const store = this.#topics.get(topic)?.[partition]
    if (store === undefined) throw new Error(`no ${topic}-${partition}`)
    return store
  }

  stores(topic: string): readonly MemoryStore[] {
    return this.#topics.get(topic) ?? []
  }

  #create(wish: TopicWish): LiveTopic {
    this.wishes.push(wish)
    this.addTopic(wish.name, wish.partitions)
    const topic = this.#topic(wish.name)
    if (topic === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
    return topic
  }

  #topic(name: string): LiveTopic | undefined {
    const stores = this.#topics.get(name)
    if (stores === undefined) return undefined
    const partitions = new Map(stores.map(({ partition }) => [partition, {} as PartitionImage]))
    return { name, topicId: name, partitions }
  }
}
