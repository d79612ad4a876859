import type { ResponseOf } from '../../protocol/api.ts'
import { describeShareGroupOffsets as describeApi } from '../../protocol/apis/describe-share-group-offsets.ts'
import { ApiError } from '../api-error.ts'
import { inKafkasOrder, uuidHash } from '../coordinators/group/modern/assignment.ts'
import type { ShareStateSummary } from '../coordinators/share/share-state-answers.ts'
import { defaultMessage } from '../default-messages.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { Node } from '../node.ts'
import { authorization, isAuthorized } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { mustServeShareGroups } from './share-requests.ts'
import { ZERO_ID } from './topic-parts.ts'

type Group = NonNullable<ResponseOf<typeof describeApi>['groups']>[number]
type Topic = NonNullable<Group['topics']>[number]
type Partition = NonNullable<Topic['partitions']>[number]

interface Asked {
  readonly topicName: string
  readonly partitions: readonly number[]
}

export const describeShareGroupOffsets = handler(describeApi, (request, context) => ({
  groups: request.groups.map(({ groupId, topics }) => describe(groupId, topics, context)),
}))

function describe(groupId: string, asked: readonly Asked[] | null, context: RequestContext): Group {
  const { node } = context
  try {
    mustServeShareGroups(node)
    if (!isAuthorized(context, 'DESCRIBE', 'GROUP', groupId)) throw new ApiError('GROUP_AUTHORIZATION_FAILED')
    const isAllowed = authorization(context, 'DESCRIBE', 'TOPIC')
    const topics = asked ?? initialised(groupId, node)
    const allowed = topics.filter(({ topicName }) => isAllowed(topicName))
    const known = allowed.filter(({ topicName }) => node.controller.topicByName(topicName) !== undefined)
    // Kafka's own question to the share coordinator must be sound.
    const isUnsound = ({ partitions }: Asked) =>
      partitions.length === 0 || partitions.some((each) => each < 0)
    if (known.some((topic) => groupId === '' || isUnsound(topic))) {
      throw new ApiError('UNKNOWN_SERVER_ERROR')
    }
    const unknown = allowed.filter((topic) => !known.includes(topic))
    const denied = asked === null ? [] : topics.filter((topic) => !allowed.includes(topic))
    return {
      groupId,
      topics: [
        ...ofTopics(groupId, known, node),
        ...unknown.map(({ topicName, partitions }) => ({
          ...{ topicName, topicId: ZERO_ID },
          partitions: partitions.map((partitionIndex) => ({ partitionIndex, startOffset: -1n })),
        })),
        ...denied.map(refusedTopic),
      ],
    }
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    // Whoever may not hears nothing more; a coordinator that is not there says so.
    const isDenied = cause.error === 'GROUP_AUTHORIZATION_FAILED' || cause.error === 'UNSUPPORTED_VERSION'
    return { groupId, errorCode: cause.code, errorMessage: isDenied ? null : defaultMessage(cause.error) }
  }
}

/** All that the group keeps a state of. */
function initialised(groupId: string, { shareMembers, controller }: Node): Asked[] {
  const topics = shareMembers.find(groupId)?.topics.initialised ?? new Map()
  return inJavaMapOrder([...topics], ([topicId]) => uuidHash(topicId)).flatMap(
    ([topicId, { partitions }]) => {
      const topicName = controller.topicById(topicId)?.name
      return topicName === undefined ? [] : { topicName, partitions: inKafkasOrder(partitions) }
    },
  )
}

/** Kafka asks its share coordinator once for a partition that stands twice. */
function ofTopics(groupId: string, asked: readonly Asked[], node: Node): Topic[] {
  const byId = new Map<string, { topicName: string; partitions: Set<number> }>()
  for (const { topicName, partitions } of asked) {
    const topicId = node.controller.topicByName(topicName)?.topicId ?? ZERO_ID
    const known = byId.get(topicId)
    byId.set(topicId, { topicName, partitions: new Set([...(known?.partitions ?? []), ...partitions]) })
  }
  return inJavaMapOrder([...byId], ([topicId]) => uuidHash(topicId)).map(
    ([topicId, { topicName, partitions }]) => ({
      ...{ topicName, topicId },
      partitions: inKafkasOrder(partitions).map((each) => ofPartition(groupId, topicId, each, node)),
    }),
  )
}

function ofPartition(groupId: string, topicId: string, partition: number, node: Node): Partition {
  let summary: ShareStateSummary
  try {
    node.shareStates.createTopic()
    summary = node.shareStates.summary({ groupId, topicId, partition })
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { partitionIndex: partition, startOffset: -1n, leaderEpoch: 0, lag: -1n }
  }
  const { startOffset, leaderEpoch, deliveryCompleteCount } = summary
  const found = node.partitions.byTopicId(topicId, partition)
  const isCounted = startOffset !== -1 && deliveryCompleteCount !== -1 && found !== undefined
  const lag = isCounted
    ? BigInt(found.highWatermark) - BigInt(startOffset) - BigInt(deliveryCompleteCount)
    : -1n
  return { partitionIndex: partition, startOffset: BigInt(startOffset), leaderEpoch, lag }
}

function refusedTopic({ topicName, partitions }: Asked): Topic {
  const { code } = new ApiError('TOPIC_AUTHORIZATION_FAILED')
  const errorMessage = defaultMessage('TOPIC_AUTHORIZATION_FAILED')
  return {
    ...{ topicName, topicId: ZERO_ID },
    partitions: partitions.map((partitionIndex) => ({
      ...{ partitionIndex, startOffset: -1n, lag: -1n, errorCode: code, errorMessage },
    })),
  }
}
