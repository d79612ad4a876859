import type { RequestOf } from '../../protocol/api.ts'
import { offsetDelete as offsetDeleteApi } from '../../protocol/apis/offset-delete.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'
import { type AskedPartitions, TopicResults } from './topic-results.ts'

type Topic = RequestOf<typeof offsetDeleteApi>['topics'][number]

export const offsetDelete = handler(offsetDeleteApi, async ({ groupId, topics }, { node }) => {
  const results = new TopicResults()
  const admitted = topics.map((topic) => admit(topic, node, results))
  const places = admitted.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ group: groupId, topic: topic.name, partition })),
  )
  try {
    results.answer(admitted, await node.groups.deleteOffsets(groupId, places))
    return { topics: results.topics() }
  } catch (cause) {
    // What is about the group leaves no room for what is about its partitions.
    if (cause instanceof ApiError) return { errorCode: cause.code }
    throw cause
  }
})

function admit({ name, partitions }: Topic, { controller }: Node, results: TopicResults): AskedPartitions {
  const live = controller.topicByName(name)
  const numbers = partitions.map(({ partitionIndex }) => partitionIndex)
  const unknown = numbers.filter((partition) => live?.partitions.has(partition) !== true)
  if (live === undefined || unknown.length > 0) {
    results.refuse({ name }, unknown, 'UNKNOWN_TOPIC_OR_PARTITION')
  }
  return { topic: { name }, partitions: numbers.filter((partition) => !unknown.includes(partition)) }
}
