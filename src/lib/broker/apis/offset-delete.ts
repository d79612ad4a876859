import type { RequestOf } from '../../protocol/api.ts'
import { offsetDelete as offsetDeleteApi } from '../../protocol/apis/offset-delete.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { type AskedPartitions, TopicResults } from './topic-results.ts'

interface Door {
  readonly node: Node
  mayRead(topic: string): boolean
}

type Topic = RequestOf<typeof offsetDeleteApi>['topics'][number]

export const offsetDelete = handler(offsetDeleteApi, async ({ groupId, topics }, context) => {
  const { node } = context
  if (!isAuthorized(context, 'DELETE', 'GROUP', groupId)) {
    return { errorCode: errorCodes.GROUP_AUTHORIZATION_FAILED }
  }
  const mayRead = authorization(context, 'READ', 'TOPIC')
  const results = new TopicResults()
  const admitted = topics.map((topic) => admit(topic, { node, mayRead }, results))
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

function admit({ name, partitions }: Topic, { node, mayRead }: Door, results: TopicResults): AskedPartitions {
  const live = node.controller.topicByName(name)
  const numbers = partitions.map(({ partitionIndex }) => partitionIndex)
  if (!mayRead(name)) {
    results.refuse({ name }, numbers, 'TOPIC_AUTHORIZATION_FAILED')
    return { topic: { name }, partitions: [] }
  }
  const unknown = numbers.filter((partition) => live?.partitions.has(partition) !== true)
  if (live === undefined || unknown.length > 0) {
    results.refuse({ name }, unknown, 'UNKNOWN_TOPIC_OR_PARTITION')
  }
  return { topic: { name }, partitions: numbers.filter((partition) => !unknown.includes(partition)) }
}
