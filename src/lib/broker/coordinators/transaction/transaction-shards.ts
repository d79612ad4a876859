import type { Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import type { Controller } from '../../controller/controller.ts'
import { Shards } from '../shards.ts'
import { TransactionShard, type TransactionStore } from './transaction-shard.ts'
import { TRANSACTION_TOPIC, transactionTopicWish } from './transaction-topic.ts'

export interface ShardFacts {
  readonly controller: Pick<Controller, 'topicByName' | 'createTopic' | 'image'>
  readonly stores: { get(topic: string, partition: number): TransactionStore | undefined }
  readonly configs: Pick<BrokerConfigs, 'int'>
  readonly clock: Clock
  readonly log: LogSink
  /** After a shard was read: what was decided there and is not done. */
  loaded(shard: TransactionShard): void
}

/** Of transactions that are known in part only, some would stay open for ever. */
export class TransactionShards extends Shards<TransactionStore, TransactionShard> {
  constructor(facts: ShardFacts) {
    super(
      {
        topic: TRANSACTION_TOPIC,
        partitionsSetting: 'transaction.state.log.num.partitions',
        unreadable: 'the transactions of a partition cannot be read',
        topicWish: (nodes) => transactionTopicWish(facts.configs, nodes),
        storeAt: (partition) => facts.stores.get(TRANSACTION_TOPIC, partition),
        storeOf: ({ store }) => store,
        load(store) {
          const shard = new TransactionShard(store, facts.log)
          shard.load()
          return shard
        },
        loaded: (shard) => facts.loaded(shard),
        // It keeps no time running.
        abandon: () => {},
      },
      facts,
    )
  }
}
