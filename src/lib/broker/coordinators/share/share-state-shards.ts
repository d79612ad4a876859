import type { Controller } from '../../controller/controller.ts'
import { Shards } from '../shards.ts'
import { ShareStateShard, type ShareStateStore, type ShareStateWorld } from './share-state-shard.ts'
import { SHARE_STATE_TOPIC, shareStateTopicWish } from './share-state-topic.ts'

export interface ShareStateShardFacts {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly partitions: { get(topic: string, partition: number): ShareStateStore | undefined }
  readonly configs: { int(name: string): number }
  readonly world: ShareStateWorld
}

/** Of share partitions that are known in part only, records would be handed out that were done with. */
export class ShareStateShards extends Shards<ShareStateStore, ShareStateShard> {
  constructor({ controller, partitions, configs, world }: ShareStateShardFacts) {
    super(
      {
        topic: SHARE_STATE_TOPIC,
        partitionsSetting: 'share.coordinator.state.topic.num.partitions',
        unreadable: 'the share partitions of a partition cannot be read',
        topicWish: (nodes) => shareStateTopicWish(configs, nodes),
        storeAt: (partition) => partitions.get(SHARE_STATE_TOPIC, partition),
        storeOf: ({ store }) => store,
        load(store) {
          const shard = new ShareStateShard(store, world)
          shard.load()
          return shard
        },
        loaded: () => {},
        // It keeps no time running.
        abandon: () => {},
      },
      { controller, configs, clock: world.clock, log: world.log },
    )
  }
}
