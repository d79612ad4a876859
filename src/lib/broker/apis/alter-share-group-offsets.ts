import type { ResponseOf } from '../../protocol/api.ts'
import { alterShareGroupOffsets as alterApi } from '../../protocol/apis/alter-share-group-offsets.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { AlteredTopic } from '../coordinators/group/share/share-offsets.ts'
import { defaultMessage } from '../default-messages.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { mustServeShareGroups } from './share-requests.ts'
import { ZERO_ID } from './topic-parts.ts'

type Topic = NonNullable<ResponseOf<typeof alterApi>['responses']>[number]

export const alterShareGroupOffsets = handler(alterApi, async (request, context) => {
  const { node } = context
  const { groupId, topics } = request
  try {
    mustServeShareGroups(node)
    if (!isAuthorized(context, 'READ', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
    const isAllowed = authorization(context, 'READ', 'TOPIC')
    const errorOf = (name: string): ErrorName | null => {
      if (!isAllowed(name)) return 'TOPIC_AUTHORIZATION_FAILED'
      return node.controller.topicByName(name) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : null
    }
    const refused = topics.flatMap(({ topicName, partitions }) => {
      const error = errorOf(topicName)
      // Kafka answers by partition: a topic that it refuses is not told of without any.
      if (error === null || partitions.length === 0) return []
      const of = partitions.map(({ partitionIndex: partition }) => ({ partition, error }))
      return {
        topic: topicName,
        topicId: node.controller.topicByName(topicName)?.topicId ?? null,
        partitions: of,
      }
    })
    if (groupId === '') throw new ApiError('INVALID_GROUP_ID')
    const wishes = topics
      .filter(({ topicName }) => errorOf(topicName) === null)
      .map(({ topicName, partitions }) => ({
        topic: topicName,
        partitions: partitions.map(({ partitionIndex, startOffset }) => ({
          ...{ partition: partitionIndex, startOffset: Number(startOffset) },
        })),
      }))
    const altered = await node.shareMembers.alterOffsets(groupId, wishes)
    return { responses: byTopic([...refused, ...altered]).map(topicOf) }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message || defaultMessage(cause.error) }
  }
})

/** A topic that was named twice is answered once. */
function byTopic(altered: readonly AlteredTopic[]): AlteredTopic[] {
  const topics = new Map<string, AlteredTopic>()
  for (const each of altered) {
    const known = topics.get(each.topic)
    const partitions = [...(known?.partitions ?? []), ...each.partitions]
    topics.set(each.topic, { ...each, partitions })
  }
  return [...topics.values()]
}

function topicOf({ topic, topicId, partitions }: AlteredTopic): Topic {
  return {
    ...{ topicName: topic, topicId: topicId ?? ZERO_ID },
    partitions: partitions.map(({ partition, error, message }) => ({
      ...{ partitionIndex: partition, errorCode: errorCodes[error] },
      errorMessage: error === 'NONE' ? null : (message ?? defaultMessage(error)),
    })),
  }
}
