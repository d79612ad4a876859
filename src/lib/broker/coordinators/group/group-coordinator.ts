import type { Cancel } from '../../../ports/clock.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import type { BrokerPorts } from '../../broker-ports.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import type { Controller, LiveTopic, MetadataSubscriber } from '../../controller/controller.ts'
import type { CoordinatorPartition, TransactionalProducer } from '../coordinator-partition.ts'
import { appendError } from './append-error.ts'
import type { CommitErrors, CommitWish } from './commit-wish.ts'
import type { CommitPlace } from './committed-offsets.ts'
import { checkHeartbeat } from './consumer/check-heartbeat.ts'
import { consumerSettings } from './consumer/consumer-settings.ts'
import { type DescribedConsumerGroup, describeConsumerGroup } from './consumer/describe-consumer-group.ts'
import type { ConsumerHeartbeat, HeartbeatAnswer } from './consumer/heartbeat-answers.ts'
import type { CoordinatedShard } from './coordinated-shard.ts'
import type { Leaver, Left } from './departures.ts'
import { type DescribedGroup, describeGroup, type ListedGroup, listGroups } from './descriptions.ts'
import { type FetchedTopic, type FetchWish, fetchOffsets } from './fetched-offsets.ts'
import { type JoinAnswer, refusedJoin, refusedSync, type SyncAnswer } from './group-answers.ts'
import { type GroupSettings, groupSettings } from './group-settings.ts'
import type { GroupShard, GroupWorld } from './group-shard.ts'
import { GroupShards, type ShardWatcher } from './group-shards.ts'
import type { Heartbeat } from './heartbeats.ts'
import type { AnswerJoin, JoinWish } from './joins.ts'
import { type TopicsFacts, TopicsView } from './modern/topics-view.ts'
import { OFFSETS_TOPIC } from './offsets-topic.ts'
import type { AnswerSync, SyncWish } from './syncs.ts'

export interface GroupCoordinatorFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'random' | 'log'>
  readonly configs: Pick<BrokerConfigs, 'int' | 'long' | 'list' | 'string' | 'dynamicOf'>
  readonly controller: TopicsFacts & Pick<Controller, 'createTopic' | 'subscribe'>
  readonly partitions: { get(topic: string, partition: number): CoordinatorPartition | undefined }
  readonly watcher?: ShardWatcher
}

/** Classic groups and all offsets; which partition of `__consumer_offsets` a group lives in. */
export class GroupCoordinator implements MetadataSubscriber {
  readonly #facts: GroupCoordinatorFacts
  readonly #settings: GroupSettings
  readonly #topics: TopicsView
  readonly #world: GroupWorld
  readonly #shards: GroupShards
  #cancelExpiry: Cancel | null = null

  constructor(facts: GroupCoordinatorFacts) {
    const { ports, configs, controller, partitions, watcher } = facts
    this.#facts = facts
    this.#settings = groupSettings(configs)
    this.#topics = new TopicsView(controller)
    const { clock, random, log } = ports
    const consumer = consumerSettings(configs)
    const world = { clock, random, log, settings: this.#settings, consumer, topics: this.#topics }
    this.#world = world
    this.#shards = new GroupShards({ controller, partitions, configs, world, watcher })
  }

  /** After the partitions follow the controller: they know of a new topic first. */
  start(): void {
    this.#facts.controller.subscribe(this)
    this.#shards.loadInTurns()
    this.#expireLater()
  }

  stop(): void {
    this.#cancelExpiry?.()
    this.#shards.clear()
  }

  topicGrown(topic: LiveTopic): void {
    this.#topics.grown(topic)
    if (topic.name !== OFFSETS_TOPIC) this.#topicChanged(topic)
  }

  topicDeleted(topic: LiveTopic): void {
    const { name } = topic
    this.#topics.deleted(topic)
    if (name !== OFFSETS_TOPIC) this.#topicChanged(topic)
    if (name === OFFSETS_TOPIC) this.#shards.clear()
    else
      this.#onAll('commits of a deleted topic cannot be removed', (shard) => shard.removals.deleteTopic(name))
  }

  /** Of `__consumer_offsets`: abs(hash of the group id) % partitions. */
  partitionFor(groupId: string): number {
    return this.#shards.partitionFor(groupId)
  }

  /** Where the group lives. Throws where this node does not coordinate it. */
  shardOf(groupId: string): GroupShard {
    return this.#shards.of(groupId).shard
  }

  /** The producer's transaction is about the group already. Throws where this node does not coordinate the group. */
  hasOpenTransaction(groupId: string, producer: TransactionalProducer): boolean {
    return this.#shards.of(groupId).shard.store.hasOpenTransaction(producer)
  }

  /** `__consumer_offsets`, made when the first client asks for the coordinator of a group. */
  createTopic(): void {
    this.#shards.createTopic()
  }

  /** The answer, if there is one at once; else `answerLater` gets it. */
  join(wish: JoinWish, answerLater: AnswerJoin): JoinAnswer | null {
    const { groupId, memberId, sessionTimeoutMs } = wish
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#settings
    if (groupId === '') return refusedJoin('INVALID_GROUP_ID', memberId)
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return refusedJoin('INVALID_SESSION_TIMEOUT', memberId)
    }
    const shard = this.#ifOurs(groupId)
    return shard === null ? refusedJoin('NOT_COORDINATOR', memberId) : shard.join(wish, answerLater)
  }

  /** The answer, if there is one at once; else `answerLater` gets it. */
  sync(wish: SyncWish, answerLater: AnswerSync): SyncAnswer | null {
    if (wish.groupId === '') return refusedSync('INVALID_GROUP_ID')
    const shard = this.#ifOurs(wish.groupId)
    return shard === null ? refusedSync('NOT_COORDINATOR') : shard.sync(wish, answerLater)
  }

  heartbeat(heartbeat: Heartbeat): ErrorName {
    if (heartbeat.groupId === '') return 'INVALID_GROUP_ID'
    return this.#ifOurs(heartbeat.groupId)?.beat(heartbeat) ?? 'NOT_COORDINATOR'
  }

  async leave(groupId: string, leavers: readonly Leaver[]): Promise<Left[]> {
    mustBeNamed(groupId)
    const coordinated = this.#shards.of(groupId)
    try {
      const left = coordinated.leave(groupId, leavers)
      await coordinated.shard.durable()
      return left
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
  }

  /** A heartbeat of the newer protocol. Throws an ApiError with Kafka's words. */
  async consumerHeartbeat(said: ConsumerHeartbeat, version: number): Promise<HeartbeatAnswer> {
    checkHeartbeat(said, version, this.#world.consumer)
    const { consumers, shard } = this.#shards.of(said.groupId)
    const answer = this.#attempt(() => consumers.heartbeats.beat(said))
    await shard.durable()
    return answer
  }

  /** Throws an ApiError where there is no such consumer group. */
  describeConsumers(groupId: string): DescribedConsumerGroup {
    if (groupId === '') throw new ApiError('INVALID_GROUP_ID')
    const { shard } = this.#shards.of(groupId)
    const group = shard.consumers.get(groupId)
    if (group !== undefined) return describeConsumerGroup(group, this.#world)
    const isOther = shard.groups.has(groupId) || shard.typeOfOther(groupId) !== undefined
    const message = isOther ? `Group ${groupId} is not a consumer group.` : `Group ${groupId} not found.`
    throw new ApiError('GROUP_ID_NOT_FOUND', message)
  }

  /** Null where there is no such classic group. */
  describe(groupId: string): DescribedGroup | null {
    const group = this.#shards.of(groupId).shard.groups.get(groupId)
    return group === undefined ? null : describeGroup(group)
  }

  isOfOtherType(groupId: string): boolean {
    const { shard } = this.#shards.of(groupId)
    return shard.consumers.has(groupId) || shard.typeOfOther(groupId) !== undefined
  }

  list(): ListedGroup[] {
    return this.#shards.all().flatMap(({ shard }) => listGroups(shard))
  }

  /** What is asked of several groups, in the order in which Kafka answers. */
  sorted(groupIds: readonly string[]): string[] {
    return this.#shards.sorted(groupIds)
  }

  async deleteGroup(groupId: string): Promise<ErrorName> {
    const { removals, shard } = this.#shards.of(groupId)
    const error = removals.deleteGroup(groupId)
    await shard.durable()
    return error
  }

  async commit(wish: CommitWish, errors: CommitErrors): Promise<ErrorName[]> {
    const { commits, shard } = this.#shards.of(wish.groupId)
    const committed = commits.commit(wish, errors)
    await shard.durable()
    return committed
  }

  async commitInTransaction(wish: CommitWish, producer: TransactionalProducer): Promise<ErrorName[]> {
    const { commits, shard } = this.#shards.of(wish.groupId)
    const committed = commits.commitInTransaction(wish, producer)
    await shard.durable()
    return committed
  }

  /** What a crash could take back is not shown. */
  async fetchOffsets(wish: FetchWish): Promise<FetchedTopic[]> {
    const { shard } = this.#shards.of(wish.groupId)
    const fetched = fetchOffsets(shard, wish)
    await shard.durable()
    return fetched
  }

  async deleteOffsets(groupId: string, places: readonly CommitPlace[]): Promise<ErrorName[]> {
    mustBeNamed(groupId)
    const { removals, shard } = this.#shards.of(groupId)
    const errors = removals.deleteOffsets(groupId, places)
    await shard.durable()
    return errors
  }

  /** What a log has refused is an answer, in the words that fit it. */
  #attempt<T>(run: () => T): T {
    try {
      return run()
    } catch (cause) {
      const error = appendError(cause)
      throw cause instanceof ApiError && cause.error === error ? cause : new ApiError(error)
    }
  }

  #topicChanged(topic: LiveTopic): void {
    for (const { consumers } of this.#shards.loaded()) consumers.topicChanged(topic)
  }

  #ifOurs(groupId: string): CoordinatedShard | null {
    try {
      return this.#shards.of(groupId)
    } catch (cause) {
      if (cause instanceof ApiError) return null
      throw cause
    }
  }

  #expireLater(): void {
    const everyMs = this.#facts.configs.long('offsets.retention.check.interval.ms')
    this.#cancelExpiry = this.#facts.ports.clock.after(everyMs, () => {
      this.#onAll('expired commits cannot be removed', (shard) => shard.removals.expire())
      this.#expireLater()
    })
  }

  #onAll(failure: string, run: (shard: CoordinatedShard) => void): void {
    for (const shard of this.#shards.all()) {
      try {
        run(shard)
      } catch (cause) {
        const facts = { partition: shard.shard.store.partition, error: appendError(cause) }
        this.#facts.ports.log.log('warn', failure, facts)
      }
    }
  }
}

function mustBeNamed(groupId: string): void {
  if (groupId === '') throw new ApiError('INVALID_GROUP_ID')
}
