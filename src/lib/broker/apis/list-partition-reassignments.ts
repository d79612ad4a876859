import { listPartitionReassignments as listPartitionReassignmentsApi } from '../../protocol/apis/list-partition-reassignments.ts'
import type { LiveTopic } from '../controller/controller.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'
import { sortedPartitions } from './topic-parts.ts'

/** None begins here; a directory that comes from several brokers may have some that they did not end. */
export const listPartitionReassignments = handler(listPartitionReassignmentsApi, ({ topics }, context) => {
  const { controller } = context.node
  try {
    mustBeAuthorizedOnCluster(context, 'DESCRIBE')
  } catch (cause) {
    // Kafka puts what was asked for into its refusal as well
    return { ...refusalOf(cause), topics: topics?.map(unmoved) ?? [] }
  }
  const asked =
    topics?.flatMap(({ name, partitionIndexes }) => {
      const topic = controller.topicByName(name)
      return topic === undefined ? [] : [{ topic, numbers: new Set(partitionIndexes) }]
    }) ?? controller.topics().map((topic) => ({ topic, numbers: null }))
  const found = asked.map(({ topic, numbers }) => ({
    name: topic.name,
    partitions: moving(topic, numbers),
  }))
  return { errorMessage: null, topics: found.filter(({ partitions }) => partitions.length > 0) }
})

function unmoved({ name, partitionIndexes }: { name: string; partitionIndexes: readonly number[] }) {
  return { name, partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex })) }
}

function moving({ partitions }: LiveTopic, numbers: ReadonlySet<number> | null) {
  return sortedPartitions(partitions)
    .filter(({ partition }) => numbers?.has(partition) ?? true)
    .filter(({ addingReplicas, removingReplicas }) => addingReplicas.length + removingReplicas.length > 0)
    .map(({ partition, replicas, addingReplicas, removingReplicas }) => ({
      partitionIndex: partition,
      replicas: [...replicas],
      addingReplicas: [...addingReplicas],
      removingReplicas: [...removingReplicas],
    }))
}
