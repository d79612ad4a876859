import type { RequestOf } from '../../protocol/api.ts'
import { offsetDelete as offsetDeleteApi } from '../../protocol/apis/offset-delete.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'
import { TopicResults } from './topic-results.ts'

type Request = RequestOf<typeof offsetDeleteApi>

export const offsetDelete = handler(offsetDeleteApi, async (request, { node }) => {
  const results = new TopicResults()
  const places = placesOf(request, node, results)
  try {
    if (places.length > 0) {
      const errors = await node.groups.deleteOffsets(request.groupId, places)
      for (const [i, { topic, partition }] of places.entries()) {
        results.add({ name: topic }, partition, errors[i] ?? 'UNKNOWN_SERVER_ERROR')
      }
    }
    return { topics: results.topics() }
  } catch (cause) {
    // What is about the group leaves no room for what is about its partitions.
    if (cause instanceof ApiError) return { errorCode: cause.code }
    throw cause
  }
})

function placesOf({ groupId, topics }: Request, { controller }: Node, results: TopicResults) {
  return topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ partitionIndex: partition }) => {
      const isThere = controller.topicByName(name)?.partitions.has(partition) === true
      if (isThere) return [{ group: groupId, topic: name, partition }]
      results.add({ name }, partition, 'UNKNOWN_TOPIC_OR_PARTITION')
      return []
    }),
  )
}
