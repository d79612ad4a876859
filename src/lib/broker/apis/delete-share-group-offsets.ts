import { deleteShareGroupOffsets as deleteApi } from '../../protocol/apis/delete-share-group-offsets.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { DeletedTopic } from '../coordinators/group/share/share-deletions.ts'
import { defaultMessage } from '../default-messages.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'
import { mustServeShareGroups } from './share-requests.ts'
import { ZERO_ID } from './topic-parts.ts'

export const deleteShareGroupOffsets = handler(deleteApi, async (request, context) => {
  const { node } = context
  const { groupId } = request
  try {
    mustServeShareGroups(node)
    if (!isAuthorized(context, 'DELETE', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
    const names = request.topics.map(({ topicName }) => topicName)
    const isAllowed = authorization(context, 'READ', 'TOPIC')
    const denied = names.filter((name) => !isAllowed(name)).map(deniedTopic)
    if (groupId === '') throw new ApiError('INVALID_GROUP_ID')
    const deleted = await node.shareMembers.deleteOffsets(groupId, names.filter(isAllowed))
    return { responses: [...denied, ...deleted].map(topicOf) }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code, errorMessage: cause.message || defaultMessage(cause.error) }
  }
})

function deniedTopic(topic: string): DeletedTopic {
  const error = 'TOPIC_AUTHORIZATION_FAILED'
  return { topic, topicId: null, error, message: defaultMessage(error) }
}

function topicOf({ topic, topicId, error, message }: DeletedTopic) {
  return {
    ...{ topicName: topic, topicId: topicId ?? ZERO_ID, errorCode: errorCodes[error], errorMessage: message },
  }
}
