import type { Cancel } from '../../../ports/clock.ts'
import { ApiError } from '../../api-error.ts'
import type { BrokerPorts } from '../../broker-ports.ts'
import type { Controller, LiveTopic, MetadataSubscriber } from '../../controller/controller.ts'
import { appendError } from '../group/append-error.ts'
import { coordinatorKey, type SharePartitionKey } from './share-partition-key.ts'
import type {
  InitialiseShareState,
  ReadShareState,
  ShareStateRead,
  ShareStateSummary,
  WriteShareState,
} from './share-state-answers.ts'
import type { ShareStateShard, ShareStateStore } from './share-state-shard.ts'
import { ShareStateShards } from './share-state-shards.ts'
import { SHARE_STATE_TOPIC } from './share-state-topic.ts'

export interface ShareStateCoordinatorFacts {
  readonly ports: Pick<BrokerPorts, 'clock' | 'log'>
  readonly configs: { int(name: string): number }
  readonly controller: Pick<
    Controller,
    'topicByName' | 'topicById' | 'createTopic' | 'image' | 'subscribe' | 'featureLevel' | 'durable'
  >
  readonly partitions: { get(topic: string, partition: number): ShareStateStore | undefined }
}

/**
 * What share groups have done with which records (KIP-932), in `__share_group_state`. A call has written when it
 * returns, or throws an ApiError; whoever answers for it waits for `durable` first.
 */
export class ShareStateCoordinator implements MetadataSubscriber {
  readonly #facts: ShareStateCoordinatorFacts
  readonly #shards: ShareStateShards
  readonly #cancels = new Map<string, Cancel>()

  constructor(facts: ShareStateCoordinatorFacts) {
    const { ports, configs, controller, partitions } = facts
    this.#facts = facts
    const world = {
      clock: ports.clock,
      log: ports.log,
      updatesPerSnapshot: () => configs.int('share.coordinator.snapshot.update.records.per.snapshot'),
      partitionCount: (topicId: string) => controller.topicById(topicId)?.partitions.size ?? 0,
    }
    this.#shards = new ShareStateShards({ controller, partitions, configs, world })
  }

  start(): void {
    this.#facts.controller.subscribe(this)
    this.#shards.loadInTurns()
    this.#repeat('share.coordinator.state.topic.prune.interval.ms', (shard) => shard.prune())
    this.#repeat('share.coordinator.cold.partition.snapshot.interval.ms', (shard, intervalMs) =>
      shard.snapshotCold(intervalMs),
    )
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel()
    this.#shards.clear()
  }

  topicDeleted({ name, topicId }: LiveTopic): void {
    if (name === SHARE_STATE_TOPIC) this.#shards.clear()
    else this.#onAll((shard) => shard.deleteTopic(topicId))
  }

  /** `__share_group_state`, made when somebody looks for the coordinator of a share partition. */
  createTopic(): void {
    this.#shards.createTopic()
  }

  initialise(wish: InitialiseShareState): void {
    this.#at(wish, (shard) => shard.initialise(wish))
  }

  read(wish: ReadShareState): ShareStateRead {
    return this.#at(wish, (shard) => shard.read(wish))
  }

  write(wish: WriteShareState): void {
    this.#at(wish, (shard) => shard.write(wish))
  }

  summary(wish: SharePartitionKey): ShareStateSummary {
    return this.#at(wish, (shard) => shard.summary(wish))
  }

  delete(wish: SharePartitionKey): void {
    this.#at(wish, (shard) => shard.delete(wish))
  }

  /** Resolves once what was written of the share partition is as safe as the broker promises. */
  async durable(key: SharePartitionKey): Promise<void> {
    try {
      // The topic may be as new as what is in it.
      await this.#facts.controller.durable()
      await this.#shards.of(coordinatorKey(key)).store.durable()
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
  }

  #at<T>(key: SharePartitionKey, ask: (shard: ShareStateShard) => T): T {
    try {
      return ask(this.#shards.of(coordinatorKey(key)))
    } catch (cause) {
      // What a shard refuses has a message; what its log refuses has none.
      if (cause instanceof ApiError && cause.message !== '') throw cause
      throw new ApiError(appendError(cause))
    }
  }

  #repeat(setting: string, run: (shard: ShareStateShard, intervalMs: number) => void): void {
    const intervalMs = this.#facts.configs.int(setting)
    const cancel = this.#facts.ports.clock.after(intervalMs, () => {
      if (this.#facts.controller.featureLevel('share.version') > 0)
        this.#onAll((shard) => run(shard, intervalMs))
      this.#repeat(setting, run)
    })
    this.#cancels.set(setting, cancel)
  }

  #onAll(run: (shard: ShareStateShard) => void): void {
    for (const shard of this.#shards.all()) {
      try {
        run(shard)
      } catch (cause) {
        const facts = { partition: shard.store.partition, error: appendError(cause) }
        this.#facts.ports.log.log('warn', 'the log of share partitions cannot be written', facts)
      }
    }
  }
}
