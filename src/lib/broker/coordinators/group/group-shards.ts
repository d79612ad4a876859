import type { Controller } from '../../controller/controller.ts'
import { inJavaMapOrder, topicPartitionHash } from '../../java-map-order.ts'
import type { CoordinatorPartition } from '../coordinator-partition.ts'
import { Shards } from '../shards.ts'
import { CoordinatedShard } from './coordinated-shard.ts'
import type { GroupShard, GroupWorld } from './group-shard.ts'
import { OFFSETS_TOPIC, offsetsTopicWish } from './offsets-topic.ts'

export interface GroupShardFacts {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly partitions: { get(topic: string, partition: number): CoordinatorPartition | undefined }
  readonly configs: { int(name: string): number; long(name: string): number }
  readonly world: GroupWorld
  /** What else goes on in a shard, for as long as it is one of ours. */
  readonly watcher?: ShardWatcher | undefined
}

export interface ShardWatcher {
  loaded(shard: GroupShard): void
  abandoned(shard: GroupShard): void
}

/** Of groups that are known in part only, members would lose what they have committed. */
export class GroupShards extends Shards<CoordinatorPartition, CoordinatedShard> {
  constructor({ controller, partitions, configs, world, watcher }: GroupShardFacts) {
    super(
      {
        topic: OFFSETS_TOPIC,
        partitionsSetting: 'offsets.topic.num.partitions',
        unreadable: 'the groups of a partition cannot be read',
        topicWish: (nodes) => offsetsTopicWish(configs, nodes),
        storeAt: (partition) => partitions.get(OFFSETS_TOPIC, partition),
        storeOf: ({ shard }) => shard.store,
        load(store) {
          const shard = new CoordinatedShard(store, world)
          shard.load()
          return shard
        },
        loaded: ({ shard }) => watcher?.loaded(shard),
        abandon(coordinated) {
          coordinated.abandon()
          watcher?.abandoned(coordinated.shard)
        },
      },
      { controller, configs, clock: world.clock, log: world.log },
    )
  }

  /** What is asked of several groups is answered by partition. */
  sorted(groupIds: readonly string[]): string[] {
    const partitions = groupIds.map((groupId) => this.partitionFor(groupId))
    const order = this.inOrder([...new Set(partitions)])
    return order.flatMap((partition) => groupIds.filter((_, i) => partitions[i] === partition))
  }

  /** Kafka keeps them by what Java's TopicPartition hashes to. */
  protected override inOrder(partitions: readonly number[]): number[] {
    return inJavaMapOrder(partitions, (partition) => topicPartitionHash(OFFSETS_TOPIC, partition))
  }
}
