import type { ResponseOf } from '../../protocol/api.ts'
import { shareAcknowledge as shareAcknowledgeApi } from '../../protocol/apis/share-acknowledge.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { Node } from '../node.ts'
import type { Acknowledged } from '../partitions/share/share-groups.ts'
import { FINAL_EPOCH, INITIAL_EPOCH, type ShareSession } from '../partitions/share/share-sessions.ts'
import { handler } from './handler.ts'
import { acknowledgeAll } from './share-acknowledgements.ts'
import { leaderParts, leaderPartsOf } from './share-leaders.ts'
import { checkAsker } from './share-requests.ts'

type Topics = NonNullable<ResponseOf<typeof shareAcknowledgeApi>['responses']>
type PartitionResponse = NonNullable<Topics[number]['partitions']>[number]

export const shareAcknowledge = handler(shareAcknowledgeApi, async (asked, context) => {
  const { node, connection } = context
  try {
    const request = checkAsker(asked, context)
    const { groupId, memberId, shareSessionEpoch } = request
    const session = sessionAt(node, groupId, memberId, shareSessionEpoch)
    const acknowledged = await acknowledgeAll(request, context)
    if (shareSessionEpoch === FINAL_EPOCH) node.shareGroups.end(session)
    return {
      acquisitionLockTimeoutMs: node.shareGroups.partitions.configsOf(groupId).recordLockMs,
      responses: byTopic(acknowledged, node),
      nodeEndpoints: leaderParts(acknowledged, node, connection.listenerName),
    }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { errorCode: cause.code }
  }
})

function sessionAt(node: Node, groupId: string, memberId: string, epoch: number): ShareSession {
  const { sessions } = node.shareGroups
  if (epoch === INITIAL_EPOCH) throw new ApiError('INVALID_SHARE_SESSION_EPOCH')
  return epoch === FINAL_EPOCH
    ? sessions.existing(groupId, memberId)
    : sessions.advance(groupId, memberId, epoch)
}

function byTopic(acknowledged: readonly Acknowledged[], node: Node): Topics {
  const topics = new Map<string, PartitionResponse[]>()
  for (const each of acknowledged) {
    const { place, error, message } = each
    const partitions = topics.get(place.topicId) ?? []
    topics.set(place.topicId, partitions)
    const currentLeader = leaderPartsOf(each, node)
    partitions.push({
      ...{ partitionIndex: place.partition, errorCode: errorCodes[error], errorMessage: message },
      ...(currentLeader && { currentLeader }),
    })
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }))
}
