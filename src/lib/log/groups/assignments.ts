import type { Figure } from '../../model/figure.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { byPartition } from '../../model/partitions.ts'

/** The name of the topic that has this id; the id itself where the topic is gone. */
export type TopicName = (topicId: string) => string

export function sorted(partitions: readonly TopicPartition[]): TopicPartition[] {
  return partitions.toSorted(byPartition)
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

/** What is on a disk was so when it was written. */
export function writtenCount(value: number): Figure {
  return { value, from: 'file', bound: 'asOf' }
}
