import type { TopicPartition } from '../../model/groups.ts'

/** Partitions by their topic, as most questions of Kafka's want them. */
export function groupedByTopic<At extends TopicPartition>(partitions: readonly At[]): Map<string, At[]> {
  const topics = new Map<string, At[]>()
  for (const at of partitions) {
    const own = topics.get(at.topic)
    if (own === undefined) topics.set(at.topic, [at])
    else own.push(at)
  }
  return topics
}
