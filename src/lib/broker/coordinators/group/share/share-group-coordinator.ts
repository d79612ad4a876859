import type { LogSink } from '../../../../ports/log-sink.ts'
import type { ErrorName } from '../../../../protocol/error-codes.ts'
import { ApiError } from '../../../api-error.ts'
import type { BrokerPorts } from '../../../broker-ports.ts'
import type { BrokerConfigs } from '../../../configs/broker-configs.ts'
import { ShareGroupConfigs } from '../../../configs/share-group-configs.ts'
import type { Controller, LiveTopic, MetadataSubscriber } from '../../../controller/controller.ts'
import type { ShareStateCoordinator } from '../../share/share-state-coordinator.ts'
import { appendError } from '../append-error.ts'
import type { GroupShard } from '../group-shard.ts'
import type { ShardWatcher } from '../group-shards.ts'
import { TopicsView } from '../modern/topics-view.ts'
import type { ShareHeartbeat } from './heartbeat-turn.ts'
import { type DeletedTopic, ShareDeletions } from './share-deletions.ts'
import type { ShareGroup } from './share-group.ts'
import { type ShareBeat, ShareHeartbeats } from './share-heartbeats.ts'
import { ShareInitialisation } from './share-initialisation.ts'
import { type AlteredTopic, type AlterWish, ShareOffsets } from './share-offsets.ts'

export interface ShareGroupCoordinatorFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: BrokerConfigs
  readonly controller: Controller
  readonly states: ShareStateCoordinator
  /** Where a group lives. Throws where this node does not coordinate it. */
  shardOf(groupId: string): GroupShard
}

interface Parts {
  readonly heartbeats: ShareHeartbeats
  readonly initialisation: ShareInitialisation
  readonly offsets: ShareOffsets
  readonly deletions: ShareDeletions
}

/** Membership of share groups (KIP-932), and what administrators do to them. */
export class ShareGroupCoordinator implements ShardWatcher, MetadataSubscriber {
  readonly #facts: ShareGroupCoordinatorFacts
  readonly #topics: TopicsView
  readonly #parts = new Map<GroupShard, Parts>()

  constructor(facts: ShareGroupCoordinatorFacts) {
    this.#facts = facts
    this.#topics = new TopicsView(facts.controller)
  }

  loaded(shard: GroupShard): void {
    const parts = this.#partsFor(shard)
    this.#parts.set(shard, parts)
    parts.heartbeats.start()
  }

  abandoned(shard: GroupShard): void {
    this.#parts.get(shard)?.heartbeats.stop()
    this.#parts.delete(shard)
  }

  topicGrown(topic: LiveTopic): void {
    const { name } = topic
    this.#topics.grown(topic)
    for (const { heartbeats } of this.#parts.values()) heartbeats.topicChanged(name)
  }

  topicDeleted(topic: LiveTopic): void {
    const { name, topicId } = topic
    this.#topics.deleted(topic)
    for (const [shard, { heartbeats, initialisation }] of this.#parts) {
      heartbeats.topicChanged(name)
      try {
        initialisation.topicDeleted(topicId)
      } catch (cause) {
        const facts = { partition: shard.store.partition, error: appendError(cause) }
        this.#log.log('warn', 'a deleted topic cannot be taken from share groups', facts)
      }
    }
  }

  heartbeat(heartbeat: ShareHeartbeat): Promise<ShareBeat> {
    return this.#write(heartbeat.groupId, ({ heartbeats }) => heartbeats.beat(heartbeat))
  }

  /** Throws an ApiError where there is no share group of this name. */
  describe(groupId: string): ShareGroup {
    return this.#partsOf(groupId).heartbeats.group(groupId)
  }

  /** Null where there is none. */
  find(groupId: string): ShareGroup | null {
    return this.#facts.shardOf(groupId).shares.get(groupId) ?? null
  }

  alterOffsets(groupId: string, wishes: readonly AlterWish[]): Promise<AlteredTopic[]> {
    return this.#write(groupId, ({ offsets }) => offsets.alter(groupId, wishes))
  }

  deleteOffsets(groupId: string, topics: readonly string[]): Promise<DeletedTopic[]> {
    return this.#write(groupId, ({ deletions }) => deletions.deleteOffsets(groupId, topics))
  }

  /** Null: it is no share group. */
  async deleteGroup(groupId: string): Promise<ErrorName | null> {
    if (this.find(groupId) === null) return null
    return await this.#write(groupId, ({ deletions }) => deletions.deleteGroup(groupId))
  }

  async #write<T>(groupId: string, ask: (parts: Parts) => T | Promise<T>): Promise<T> {
    const parts = this.#partsOf(groupId)
    let answer: T
    try {
      answer = await ask(parts)
    } catch (cause) {
      if (cause instanceof ApiError && cause.message !== '') throw cause
      throw new ApiError(appendError(cause))
    }
    await this.#facts.shardOf(groupId).durable()
    return answer
  }

  #partsOf(groupId: string): Parts {
    const parts = this.#parts.get(this.#facts.shardOf(groupId))
    if (parts === undefined) throw new ApiError('NOT_COORDINATOR')
    return parts
  }

  #partsFor(shard: GroupShard): Parts {
    const { ports, configs, states } = this.#facts
    const topics = this.#topics
    const { clock } = ports
    const retryMs = () => configs.int('group.share.initialize.retry.interval.ms')
    const initialisation = new ShareInitialisation({ shard, topics, states, clock, retryMs })
    const world = {
      topics,
      configsOf: (groupId: string) => new ShareGroupConfigs(configs, groupId),
      maxSize: () => configs.int('group.share.max.size'),
    }
    const heartbeats = new ShareHeartbeats(shard, world, initialisation)
    const deletions = new ShareDeletions({ shard, topics, states, heartbeats })
    return {
      heartbeats,
      initialisation,
      deletions,
      offsets: new ShareOffsets(shard, topics, initialisation, heartbeats),
    }
  }

  get #log(): LogSink {
    return this.#facts.ports.log
  }
}
