import { KtoolError } from '../../errors.ts'
import type { LeadersView, LedPartition } from '../../model/leaders.ts'
import type { Cluster } from '../cluster.ts'
import { type TopicMetadata, topicMetadata } from '../routing/topic-metadata.ts'

/** Who leads, as a broker of the live cluster has heard. */
export function liveLeaders(cluster: Cluster): LeadersView {
  return {
    partitions: async (topics) => {
      const known = await topicMetadata(cluster, topics)
      return [...known].map(([item, topic]) => ({
        item,
        outcome: topic instanceof KtoolError ? topic : ledPartitions(item, topic),
      }))
    },
  }
}

function ledPartitions(topic: string, { partitions }: TopicMetadata): LedPartition[] {
  return partitions
    .map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
      topic,
      partition: partitionIndex,
      leader: leaderId < 0 ? null : leaderId,
      replicas: replicaNodes,
      isr: isrNodes,
    }))
    .sort((a, b) => a.partition - b.partition)
}
