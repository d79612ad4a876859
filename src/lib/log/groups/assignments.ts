import type { TopicPartition } from '../../model/groups.ts'

/** The name of the topic that has this id; the id itself where the topic is gone. */
export type TopicName = (topicId: string) => string

export function sorted(partitions: readonly TopicPartition[]): TopicPartition[] {
  return partitions.toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

export function namedPartitions(
  topics: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] | undefined,
  nameOf: TopicName,
): TopicPartition[] {
  return sorted(
    (topics ?? []).flatMap(({ topicId, partitions }) =>
      partitions.map((partition) => ({ topic: nameOf(topicId), partition })),
    ),
  )
}
