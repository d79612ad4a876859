import type { MetaProperties } from '../../log/files/meta-properties.ts'
import type { LogSettings, PartitionLog } from '../../log/write/partition-log.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import type { Controller, LiveTopic, MetadataSubscriber } from '../controller/controller.ts'
import { Partition } from './partition.ts'
import { storageFailure } from './storage-failure.ts'

/** Where the logs of the partitions are: as `LogStore` has them. */
export interface PartitionLogs {
  get(topic: string, partition: number): PartitionLog | undefined
  create(topic: string, partition: number, topicId: string, settings: LogSettings): PartitionLog
  delete(topic: string, partition: number): void
  /** In which of the directories it lies. */
  directoryOf(log: PartitionLog): { readonly meta: Pick<MetaProperties, 'directoryId'> } | undefined
}

const RETRY_MS = 1000

export interface PartitionsFacts {
  readonly nodeId: number
  readonly logs: PartitionLogs
  readonly clock: Clock
  readonly log: LogSink
  readonly configs: BrokerConfigs
  /** Of each acknowledgement: `--flush ack`. */
  readonly isFlushedFirst: boolean
  /** Gets told in which directories partitions of this node lie. */
  readonly controller: Pick<Controller, 'assignDirectories'>
}

/** The partitions of this node; it follows the controller. */
export class Partitions implements MetadataSubscriber {
  readonly #facts: PartitionsFacts
  readonly #byName = new Map<string, Map<number, Partition>>()
  readonly #byId = new Map<string, Map<number, Partition>>()
  /** Topics, by id, that are not yet on the disk as the metadata has them. */
  readonly #behind = new Map<string, LiveTopic>()
  /** Logs of deleted topics that the disk has not let go of: nobody who comes by their name may find them. */
  readonly #undeleted = new Set<string>()
  #triedMs = 0

  constructor(facts: PartitionsFacts) {
    this.#facts = facts
    facts.configs.onChange((topic) => this.#configure(topic))
  }

  get(topic: string, partition: number): Partition | undefined {
    if (this.#behind.size > 0) this.#catchUp()
    return this.#byName.get(topic)?.get(partition)
  }

  byTopicId(topicId: string, partition: number): Partition | undefined {
    if (this.#behind.size > 0) this.#catchUp()
    return this.#byId.get(topicId)?.get(partition)
  }

  *all(): Generator<Partition> {
    for (const partitions of this.#byName.values()) yield* partitions.values()
  }

  topicGrown(topic: LiveTopic): void {
    for (const number of topic.partitions.keys()) {
      const isDone = this.#orReport(`${topic.name}-${number}`, () => this.#follow(topic, number))
      if (!isDone) this.#behind.set(topic.topicId, topic)
    }
    this.#tellDirectories(topic)
  }

  topicDeleted(topic: LiveTopic): void {
    const partitions = this.#byId.get(topic.topicId)
    this.#byId.delete(topic.topicId)
    this.#behind.delete(topic.topicId)
    if (partitions === undefined) return
    if (this.#byName.get(topic.name) === partitions) this.#byName.delete(topic.name)
    for (const partition of partitions.values()) partition.drop()
    for (const { partition } of partitions.values()) {
      this.#orReport(`${topic.name}-${partition}`, () => this.#delete(topic.name, partition))
    }
  }

  /** What the metadata says of a partition becomes so: its log is there, and this node leads it or not. */
  #follow(topic: LiveTopic, number: number): void {
    const { nodeId } = this.#facts
    const image = topic.partitions.get(number)
    if (image === undefined || !image.replicas.includes(nodeId)) return
    const partitions = this.#partitionsOf(topic)
    const partition = partitions.get(number) ?? this.#open(topic, number)
    partitions.set(number, partition)
    const isSame = partition.leaderId === image.leader && partition.leaderEpoch === image.leaderEpoch
    if (!isSame) partition.lead(image.leader, image.leaderEpoch, image.leader === nodeId)
  }

  #tellDirectories({ name, topicId }: LiveTopic): void {
    const { logs, controller } = this.#facts
    const directories = new Map<number, string>()
    for (const { partition, log } of this.#byId.get(topicId)?.values() ?? []) {
      const directoryId = logs.directoryOf(log)?.meta.directoryId
      if (directoryId) directories.set(partition, directoryId)
    }
    this.#orReport(name, () => controller.assignDirectories(topicId, directories))
  }

  /** The metadata is ahead of a disk that was full, say: each time somebody asks for it, it may have recovered. */
  #catchUp(): void {
    const nowMs = this.#facts.clock.monotonicMs()
    if (nowMs - this.#triedMs < RETRY_MS) return
    this.#triedMs = nowMs
    const topics = [...this.#behind.values()]
    this.#behind.clear()
    for (const topic of topics) this.topicGrown(topic)
  }

  #orReport(partition: string, work: () => void): boolean {
    try {
      work()
      return true
    } catch (cause) {
      storageFailure(cause, partition, this.#facts.log)
      return false
    }
  }

  #partitionsOf(topic: LiveTopic): Map<number, Partition> {
    const known = this.#byId.get(topic.topicId)
    if (known !== undefined) return known
    const partitions = new Map<number, Partition>()
    this.#byId.set(topic.topicId, partitions)
    this.#byName.set(topic.name, partitions)
    return partitions
  }

  #delete(topic: string, partition: number): void {
    const name = `${topic}-${partition}`
    this.#undeleted.add(name)
    this.#facts.logs.delete(topic, partition)
    this.#undeleted.delete(name)
  }

  #open(topic: LiveTopic, partition: number): Partition {
    const { configs, logs, clock, isFlushedFirst } = this.#facts
    const { name, topicId } = topic
    if (this.#undeleted.has(`${name}-${partition}`)) this.#delete(name, partition)
    const settings = configs.topic(name)
    const found = logs.get(name, partition)
    found?.configure(settings)
    return new Partition({
      topic: name,
      topicId,
      partition,
      log: found ?? logs.create(name, partition, topicId, settings),
      clock,
      configs: () => configs.topic(name),
      isFlushedFirst,
    })
  }

  #configure(topic: string | null): void {
    const { configs } = this.#facts
    const names = topic === null ? this.#byName.keys() : [topic]
    for (const name of names) {
      const partitions = this.#byName.get(name)
      if (partitions === undefined) continue
      const settings = configs.topic(name)
      for (const { log } of partitions.values()) log.configure(settings)
    }
  }
}
