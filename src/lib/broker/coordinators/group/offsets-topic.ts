import type { TopicWish } from '../../controller/controller.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

interface Configs {
  int(name: string): number
}

/** As Kafka makes it when the first client looks for the coordinator of a group. */
export function offsetsTopicWish(configs: Configs, liveBrokers: number): TopicWish {
  return {
    name: OFFSETS_TOPIC,
    partitions: configs.int('offsets.topic.num.partitions'),
    replicationFactor: Math.min(configs.int('offsets.topic.replication.factor'), liveBrokers),
    assignments: null,
    configs: new Map([
      ['cleanup.policy', 'compact'],
      ['segment.bytes', String(configs.int('offsets.topic.segment.bytes'))],
      ['compression.type', 'producer'],
    ]),
  }
}
