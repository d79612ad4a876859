interface PartitionWish {
  readonly partitionIndex: number
}

interface TopicWish<P> {
  readonly name: string
  readonly partitions: readonly P[]
}

/**
 * What is asked for, by topic. As in Kafka, a partition that is given twice counts once, as it was given last, and a
 * topic that is given twice is answered once; one without partitions is not answered at all.
 */
export function partitionsByTopic<P extends PartitionWish>(
  topics: readonly TopicWish<P>[],
): ReadonlyMap<string, P[]> {
  const byTopic = new Map<string, Map<number, P>>()
  for (const { name, partitions } of topics) {
    if (partitions.length === 0) continue
    const known = byTopic.get(name) ?? new Map<number, P>()
    byTopic.set(name, known)
    for (const partition of partitions) known.set(partition.partitionIndex, partition)
  }
  return new Map([...byTopic].map(([name, partitions]) => [name, [...partitions.values()]]))
}
