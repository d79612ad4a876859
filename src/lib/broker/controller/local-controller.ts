import { KtoolError } from '../../errors.ts'
import { type ConfigResourceType, configsOf, type MetadataImage } from '../../log/cluster/metadata-image.ts'
import type { PartitionLog } from '../../log/write/partition-log.ts'
import { unregisterBrokerRecord } from '../../protocol/records/cluster-metadata-broker-records.ts'
import { producerIdsRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { removeTopicRecord } from '../../protocol/records/cluster-metadata-topic-records.ts'
import { ApiError } from '../api-error.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import { readScram, type ScramChange, type StoredScram, scramRecord } from '../security/scram-records.ts'
import type {
  Charge,
  CheckedTopic,
  Controller,
  LiveTopic,
  MetadataSubscriber,
  ProducerIdBlock,
  QuotaChange,
  TopicDefaults,
  TopicWish,
} from './controller.ts'
import { assignments } from './directory-assignments.ts'
import { UNASSIGNED } from './directory-ids.ts'
import { featureChanges } from './feature-records.ts'
import { ELIGIBLE_LEADERS } from './features.ts'
import { LiveAcls } from './live-acls.ts'
import { LiveTopics } from './live-topics.ts'
import { MetadataJournal } from './metadata-journal.ts'
import { quotaChanges } from './quota-records.ts'
import { type RecordVersions, recordVersionsOf } from './record-versions.ts'
import type { ListenerEndpoint } from './registration.ts'
import { type SnapshotLimits, SnapshotPolicy } from './snapshot-policy.ts'
import type { Snapshot } from './snapshots.ts'
import { Terms } from './terms.ts'
import { planGrowth } from './topic-plan.ts'
import { type TopicPlan, TopicPlanner } from './topic-planner.ts'
import { configChanges, newPartitions, newTopic } from './topic-records.ts'

export interface ControllerOptions {
  readonly ports: Pick<BrokerPorts, 'clock' | 'disk' | 'random' | 'log'>
  /** Where `bootstrap.checkpoint` lies. */
  readonly dataDir: string
  readonly clusterId: string
  readonly nodeId: number
  /** Of its log directories. */
  readonly directoryIds: readonly string[]
  /** Of these: those that take no new partitions, as its settings have it now. */
  readonly cordonedIds: () => readonly string[]
  /** Of `__cluster_metadata-0`. */
  readonly log: PartitionLog
  readonly snapshot?: Snapshot | null
  readonly defaults: TopicDefaults
  /** None: no snapshots are made. */
  readonly snapshots?: SnapshotLimits
  /** Changes are acknowledged only when the disk itself has them. */
  readonly isFlushedOnAck?: boolean
}

const PRODUCER_IDS_IN_BLOCK = 1000

/** What this node does for itself. */
const free: Charge = () => {}

/** The controller of a cluster of one node. Opening it replays what is there; `lead` makes it a cluster. */
export class LocalController implements Controller {
  readonly clusterId: string
  readonly nodeId: number
  readonly acls: LiveAcls
  readonly #options: ControllerOptions
  readonly #journal: MetadataJournal
  readonly #topics: LiveTopics
  readonly #planner: TopicPlanner
  readonly #subscribers: MetadataSubscriber[] = []
  readonly #snapshots: SnapshotPolicy | null
  readonly #terms: Terms

  constructor(options: ControllerOptions) {
    this.#options = options
    this.clusterId = options.clusterId
    this.nodeId = options.nodeId
    this.#journal = new MetadataJournal({
      log: options.log,
      clock: options.ports.clock,
      snapshot: options.snapshot ?? null,
    })
    this.#topics = new LiveTopics(this.#journal.state)
    this.acls = new LiveAcls(this.#journal.state, options.ports.random, (records) => {
      this.#append(records)
      this.#tell((each) => each.aclsChanged?.())
    })
    this.#planner = new TopicPlanner(this.#topics, {
      nodeId: options.nodeId,
      defaults: options.defaults,
      random: options.ports.random,
      hasOpenDirectory: () => this.#terms.hasOpenDirectory,
    })
    this.#terms = new Terms(options, this.#journal, this.#topics)
    const { ports, snapshots } = options
    this.#snapshots = snapshots === undefined ? null : new SnapshotPolicy(this.#journal, ports, snapshots)
  }

  get epoch(): number {
    return this.#journal.epoch
  }

  get brokerEpoch(): number {
    return this.#terms.brokerEpoch
  }

  get endOffset(): number {
    return this.#journal.endOffset
  }

  get voterDirectoryId(): string | null {
    return this.#journal.state.voters.find(({ id }) => id === this.nodeId)?.directoryId ?? null
  }

  topicByName(name: string): LiveTopic | undefined {
    return this.#topics.byName(name)
  }

  topicById(topicId: string): LiveTopic | undefined {
    return this.#topics.byId(topicId)
  }

  topics(): readonly LiveTopic[] {
    return this.#topics.sorted()
  }

  configsOf(type: ConfigResourceType, name: string): ReadonlyMap<string, string> {
    return configsOf(this.#journal.state, type, name)
  }

  features(): ReadonlyMap<string, number> {
    return this.#journal.state.features
  }

  featureLevel(name: string): number {
    return this.#journal.state.features.get(name) ?? 0
  }

  image(): MetadataImage {
    return this.#journal.image()
  }

  subscribe(subscriber: MetadataSubscriber): void {
    this.#subscribers.push(subscriber)
  }

  async durable(): Promise<void> {
    if (this.#options.isFlushedOnAck === true) await this.#journal.log.flush()
  }

  /**
   * Begins a new epoch of the quorum, registers this node as controller and broker, and lets it lead its
   * partitions: what a combined node of Kafka writes from its start until it serves.
   */
  lead(endpoints: readonly ListenerEndpoint[], rack: string | null = null): void {
    this.#terms.begin(endpoints, rack)
    this.#snapshots?.takeIfDueAtStart()
    for (const topic of this.topics()) this.#tell((each) => each.topicGrown?.(topic))
  }

  /** The goodbye of a broker that stops well: whoever opens the directory next need not wait for it. */
  leave(): void {
    try {
      this.#terms.end()
    } catch (cause) {
      // Then the next start takes this one for a crash, and nothing is lost.
      if (!(cause instanceof KtoolError)) throw cause
      this.#options.ports.log.log('warn', `the goodbye could not be written: ${cause.message}`)
    }
  }

  /** Which directories take no more partitions is a part of what this broker has registered. */
  cordon(): void {
    this.#terms.tellCordoned()
  }

  createTopic(wish: TopicWish): LiveTopic {
    const [made] = this.createTopics([wish])
    if (made instanceof ApiError || made === undefined) throw made
    return made
  }

  createTopics(wishes: readonly TopicWish[], charge: Charge = free): (LiveTopic | ApiError)[] {
    const plans = wishes.map((wish) => this.#planner.tryToPlan(wish, charge))
    this.#append(plans.flatMap((plan) => (plan instanceof ApiError ? [] : this.#recordsOf(plan))))
    const made = plans.map((plan) => (plan instanceof ApiError ? plan : this.#topics.created(plan.topicId)))
    for (const topic of made) {
      if (topic instanceof ApiError) continue
      const hasConfigs = this.configsOf('topic', topic.name).size > 0
      if (hasConfigs) this.#tell((each) => each.configsChanged?.('topic', topic.name))
      this.#tell((each) => each.topicGrown?.(topic))
    }
    return made
  }

  checkTopic(wish: TopicWish, charge: Charge = free): CheckedTopic {
    const { topicId, replicas } = this.#planner.plan(wish, charge)
    return { topicId, partitions: replicas.length, replicationFactor: replicas[0]?.length ?? 1 }
  }

  deleteTopic(topicId: string, charge: Charge = free): void {
    const topic = this.#mustHave(topicId)
    charge(topic.partitions.size)
    const hadConfigs = this.configsOf('topic', topic.name).size > 0
    this.#append([removeTopicRecord.encodeFramed({ topicId }, 0)])
    this.#topics.deleted(topic)
    this.#tell((each) => each.topicDeleted?.(topic))
    if (hadConfigs) this.#tell((each) => each.configsChanged?.('topic', topic.name))
  }

  createPartitions(
    topicId: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    charge: Charge = free,
  ): void {
    const topic = this.#mustHave(topicId)
    const replicas = this.checkPartitions(topicId, count, assignments, charge)
    const from = topic.partitions.size
    const directoryId = this.#newcomersDirectory()
    this.#append(newPartitions({ topicId, from, replicas, directoryId }, this.#versions()))
    this.#tell((each) => each.topicGrown?.(topic))
  }

  checkPartitions(
    topicId: string,
    count: number,
    assignments: readonly (readonly number[])[] | null,
    charge: Charge = free,
  ): readonly (readonly number[])[] {
    const { name, partitions } = this.#mustHave(topicId)
    const growth = { name, current: partitions.size, count, charge }
    const { nodeId } = this
    return planGrowth(growth, assignments, { nodeId, hasOpenDirectory: this.#terms.hasOpenDirectory })
  }

  alterConfigs(type: ConfigResourceType, name: string, changes: ReadonlyMap<string, string | null>): void {
    const before = this.configsOf(type, name)
    const real = [...changes].filter(([key, value]) => (before.get(key) ?? null) !== value)
    if (real.length === 0) return
    this.#append(configChanges(type, name, new Map(real)))
    this.#tell((each) => each.configsChanged?.(type, name))
  }

  alterQuotas(changes: readonly QuotaChange[]): void {
    const records = quotaChanges(changes, this.image().quotas)
    if (records.length === 0) return
    this.#append(records)
    this.#tell((each) => each.quotasChanged?.())
  }

  scram(user: string, mechanism: number): StoredScram | undefined {
    const record = this.#journal.kept.scram(user, mechanism)
    return record === undefined ? undefined : readScram(record)
  }

  alterScram(changes: readonly ScramChange[]): void {
    if (changes.length > 0) this.#append(changes.map(scramRecord))
  }

  async allocateProducerIds(): Promise<ProducerIdBlock> {
    const first = Number(this.#journal.state.nextProducerId ?? 0)
    const fields = {
      brokerId: this.nodeId,
      brokerEpoch: BigInt(this.brokerEpoch),
      nextProducerId: BigInt(first + PRODUCER_IDS_IN_BLOCK),
    }
    this.#append([producerIdsRecord.encodeFramed(fields, 0)])
    await this.#journal.log.flush()
    return { first, count: PRODUCER_IDS_IN_BLOCK }
  }

  /** Levels by name; 0 takes a feature away. They were checked before. */
  setFeatures(levels: ReadonlyMap<string, number>): void {
    const minInsyncReplicas = this.#options.defaults.minInsyncReplicas()
    const before = this.#journal.state
    this.#append(featureChanges(levels, before, { nodeId: this.nodeId, minInsyncReplicas }))
    this.cordon()
    if (!levels.has(ELIGIBLE_LEADERS)) return
    for (const name of ['', String(this.nodeId)]) this.#tell((each) => each.configsChanged?.('broker', name))
  }

  unregisterBroker(brokerId: number): void {
    const brokerEpoch = BigInt(this.image().brokers.get(brokerId)?.epoch ?? 0n)
    this.#append([unregisterBrokerRecord.encodeFramed({ brokerId, brokerEpoch }, 0)])
  }

  #recordsOf({ wish, topicId, replicas }: TopicPlan): Buffer[] {
    const directoryId = this.#newcomersDirectory()
    const partitions = newPartitions({ topicId, from: 0, replicas, directoryId }, this.#versions())
    return [newTopic(wish.name, topicId), ...configChanges('topic', wish.name, wish.configs), ...partitions]
  }

  assignDirectories(topicId: string, directoryOf: ReadonlyMap<number, string>): void {
    const topic = this.#topics.byId(topicId)
    if (topic !== undefined) this.#append(assignments(topic, directoryOf, this.nodeId, this.#versions()))
  }

  /** Of several, whoever makes the log chooses one, and says so. */
  #newcomersDirectory(): string {
    const [first = UNASSIGNED, ...others] = this.#options.directoryIds
    return others.length === 0 ? first : UNASSIGNED
  }

  #mustHave(topicId: string): LiveTopic {
    const topic = this.topicById(topicId)
    if (topic !== undefined) return topic
    throw new ApiError('UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.')
  }

  #versions(): RecordVersions {
    return recordVersionsOf(this.featureLevel('metadata.version'))
  }

  #append(records: readonly Buffer[]): void {
    this.#journal.append(records)
    this.#snapshots?.takeIfDue()
  }

  #tell(what: (subscriber: MetadataSubscriber) => void): void {
    for (const subscriber of this.#subscribers) what(subscriber)
  }
}
