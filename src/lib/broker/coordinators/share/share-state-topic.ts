import type { TopicWish } from '../../controller/controller.ts'

export const SHARE_STATE_TOPIC = '__share_group_state'

interface Configs {
  int(name: string): number
}

/** As Kafka makes it when the state of a share partition is asked for first. What is done with is pruned, not compacted. */
export function shareStateTopicWish(configs: Configs, liveBrokers: number): TopicWish {
  return {
    name: SHARE_STATE_TOPIC,
    partitions: configs.int('share.coordinator.state.topic.num.partitions'),
    replicationFactor: Math.min(configs.int('share.coordinator.state.topic.replication.factor'), liveBrokers),
    assignments: null,
    configs: new Map([
      ['cleanup.policy', 'delete'],
      ['compression.type', 'producer'],
      ['segment.bytes', String(configs.int('share.coordinator.state.topic.segment.bytes'))],
      ['min.insync.replicas', String(configs.int('share.coordinator.state.topic.min.isr'))],
      ['retention.ms', '-1'],
    ]),
  }
}
