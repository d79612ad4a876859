import type { BrokerConfigs } from '../../configs/broker-configs.ts'
import type { TopicWish } from '../../controller/controller.ts'

export const TRANSACTION_TOPIC = '__transaction_state'

/** As Kafka makes it when the first transactional producer looks for its coordinator. */
export function transactionTopicWish(configs: Pick<BrokerConfigs, 'int'>, liveBrokers: number): TopicWish {
  return {
    name: TRANSACTION_TOPIC,
    partitions: configs.int('transaction.state.log.num.partitions'),
    replicationFactor: Math.min(configs.int('transaction.state.log.replication.factor'), liveBrokers),
    assignments: null,
    configs: new Map([
      ['cleanup.policy', 'compact'],
      ['compression.type', 'uncompressed'],
      ['min.insync.replicas', String(configs.int('transaction.state.log.min.isr'))],
      ['segment.bytes', String(configs.int('transaction.state.log.segment.bytes'))],
      ['unclean.leader.election.enable', 'false'],
    ]),
  }
}
