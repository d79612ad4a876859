import type { ConfigResourceType, MetadataImage, PartitionImage } from '../../log/cluster/metadata-image.ts'
import type { ApiError } from '../api-error.ts'
import type { ScramChange, StoredScram } from '../security/scram-records.ts'
import type { LiveAcls } from './live-acls.ts'

/** A topic of the cluster as it stands now. */
export interface LiveTopic {
  readonly name: string
  readonly topicId: string
  readonly partitions: ReadonlyMap<number, PartitionImage>
}

/**
 * The cluster's metadata: a state machine over `__cluster_metadata-0`. It changes only by records that are
 * appended to that log and then replayed; `open` replays what is there.
 */
export interface Controller {
  readonly clusterId: string
  /** Of the quorum's leadership that this start began. */
  readonly epoch: number
  /** Of this broker's registration; −1 before it. */
  readonly brokerEpoch: number
  /** Of the voter, where the quorum keeps its voters in its log; else null. */
  readonly voterDirectoryId: string | null
  topicByName(name: string): LiveTopic | undefined
  topicById(topicId: string): LiveTopic | undefined
  /** Sorted by name. */
  topics(): readonly LiveTopic[]
  /** What was set of a resource; '' names the default of all brokers. */
  configsOf(type: ConfigResourceType, name: string): ReadonlyMap<string, string>
  /** Finalized levels by name. */
  features(): ReadonlyMap<string, number>
  /** Finalized level of a feature; 0 where there is none. */
  featureLevel(name: string): number
  /** Who may do what. */
  readonly acls: Pick<LiveAcls, 'all' | 'create' | 'remove'>
  /** Where the next records go: the epoch of features and the like. */
  readonly endOffset: number
  image(): MetadataImage
  /** What is kept of a user's password, by Kafka's number of the mechanism. */
  scram(user: string, mechanism: number): StoredScram | undefined

  /** Throws an ApiError for each thing that Kafka refuses. Names are checked here. */
  createTopic(wish: TopicWish): LiveTopic
  /**
   * What can be of it, in one batch, and the refusals of the rest. Each is checked against what is there before:
   * two names that collide with each other are both created, as Kafka has it. No name stands there twice.
   */
  createTopics(wishes: readonly TopicWish[], charge?: Charge): (LiveTopic | ApiError)[]
  /** The same without doing it; what would come of it. */
  checkTopic(wish: TopicWish, charge?: Charge): CheckedTopic
  deleteTopic(topicId: string, charge?: Charge): void
  createPartitions(
    topicId: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    charge?: Charge,
  ): void
  /** The same without doing it; the replicas of each new partition. */
  checkPartitions(
    topicId: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    charge?: Charge,
  ): readonly (readonly number[])[]
  /** Null deletes. One record each; the changes of one call stand in one batch, all or none. */
  alterConfigs(type: ConfigResourceType, name: string, changes: ReadonlyMap<string, string | null>): void
  /** Null deletes. What is so already is not written again. */
  alterQuotas(changes: readonly QuotaChange[]): void
  /** They were checked before. One record each, in one batch. */
  alterScram(changes: readonly ScramChange[]): void
  /**
   * A block of ids that belongs to this node from now on. It is on the disk by then, however little else waits for
   * that: after a power cut another producer would get the same ids, and its records be taken for repetitions.
   */
  allocateProducerIds(): Promise<ProducerIdBlock>

  /** In which of this node's directories partitions of a topic lie, by their numbers. What is known is not written again. */
  assignDirectories(topicId: string, directoryOf: ReadonlyMap<number, string>): void
  /** Levels by name, 0 takes a feature away. They are not checked. */
  setFeatures(levels: ReadonlyMap<string, number>): void
  /** One that is registered, and is not this one. */
  unregisterBroker(brokerId: number): void
  /** Resolves once all changes so far are as safe as the broker promises: at once, unless every ack is flushed. */
  durable(): Promise<void>

  /** Runs in order after records have been replayed. */
  subscribe(subscriber: MetadataSubscriber): void
}

/** Asked for each topic, once nothing else is against it: throws an ApiError where so many partitions are too many now. */
export type Charge = (partitions: number) => void

export interface QuotaChange {
  /** Name by type; a null name is the default of that type. */
  readonly entity: ReadonlyMap<string, string | null>
  readonly key: string
  readonly value: number | null
}

export interface ProducerIdBlock {
  readonly first: number
  readonly count: number
}

/** What the settings of the broker say of new topics. */
export interface TopicDefaults {
  partitions(): number
  replicationFactor(): number
  minInsyncReplicas(): number
  /** Throws an ApiError for what no topic may be set to. */
  checkTopicConfigs(topic: string, configs: ReadonlyMap<string, string | null>): void
}

export interface TopicWish {
  readonly name: string
  /** −1: the default of the broker. */
  readonly partitions: number
  readonly replicationFactor: number
  /** Partitions with their replicas, as they were asked for; null: where the controller thinks best. */
  readonly assignments: readonly (readonly [number, readonly number[]])[] | null
  readonly configs: ReadonlyMap<string, string | null>
}

/** What would come of a wish. */
export interface CheckedTopic {
  /** One that nobody has, as Kafka answers too. */
  readonly topicId: string
  readonly partitions: number
  readonly replicationFactor: number
}

export interface MetadataSubscriber {
  /** A topic was created, or has partitions that it had not; at the start each that is there. */
  topicGrown?(topic: LiveTopic): void
  topicDeleted?(topic: LiveTopic): void
  configsChanged?(type: ConfigResourceType, name: string): void
  aclsChanged?(): void
  quotasChanged?(): void
}
