import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { listOffsets as listOffsetsApi } from '../../protocol/apis/list-offsets.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { lookUpOffset, type OffsetWish, specialTimes } from '../partitions/offset-lookup.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { authorization } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { partitionsByTopic } from './partitions-by-topic.ts'
import { repeated } from './repeated.ts'

type Request = RequestOf<typeof listOffsetsApi>
type TopicRequest = Request['topics'][number]
type PartitionRequest = TopicRequest['partitions'][number]
type Response = ResponseOf<typeof listOffsetsApi>
type TopicResponse = NonNullable<Response['topics']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

const READ_UNCOMMITTED = 0
const READ_COMMITTED = 1
const CONSUMER = -1
/** May ask any replica, and sees what a consumer does not. */
const DEBUGGING_CONSUMER = -2

/** Since which version each may be asked for. */
const firstVersions = new Map<number, number>([
  [specialTimes.maxTimestamp, 7],
  [specialTimes.earliestLocal, 8],
  [specialTimes.latestTiered, 9],
  [specialTimes.earliestPendingUpload, 11],
])
const LOWEST_SPECIAL_TIME = -6

export const listOffsets = handler(listOffsetsApi, (request, context) => {
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC')
  const asked = request.topics.filter(({ name }) => mayDescribe(name))
  const hidden = request.topics.filter(({ name }) => !mayDescribe(name))
  if (!isKnownLevel(request) && asked.length > 0) return failed(request.topics, 'UNKNOWN_SERVER_ERROR')
  const answered = answersOf({ ...request, topics: asked }, context)
  return { topics: [...answered, ...failed(hidden, 'TOPIC_AUTHORIZATION_FAILED').topics] }
})

function answersOf(request: Request, context: RequestContext): TopicResponse[] {
  const places = request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex }) => `${name}/${partitionIndex}`),
  )
  const twice = repeated(places)
  return [...partitionsByTopic(request.topics)].map(([name, wishes]) => ({
    name,
    partitions: wishes.map((wish) => {
      const isRepeated = twice.has(`${name}/${wish.partitionIndex}`)
      return isRepeated
        ? failure(wish, new ApiError('INVALID_REQUEST'))
        : partitionResponse(name, wish, request, context)
    }),
  }))
}

function partitionResponse(
  topic: string,
  wish: PartitionRequest,
  request: Request,
  { version, node }: RequestContext,
): PartitionResponse {
  try {
    const time = Number(wish.timestamp)
    if (time < LOWEST_SPECIAL_TIME || version < (firstVersions.get(time) ?? 0)) {
      throw new ApiError('UNSUPPORTED_VERSION')
    }
    const partition = node.partitions.get(topic, wish.partitionIndex)
    if (partition === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
    const { currentLeaderEpoch, partitionIndex } = wish
    const found = lookUpOffset(partition, { time, currentLeaderEpoch, sees: sees(request) })
    return {
      partitionIndex,
      errorCode: errorCodes.NONE,
      timestamp: BigInt(found.timestamp),
      offset: BigInt(found.offset),
      ...(version >= 4 && { leaderEpoch: found.leaderEpoch }),
    }
  } catch (cause) {
    return failure(wish, storageFailure(cause, `${topic}-${wish.partitionIndex}`, node.ports.log))
  }
}

function isKnownLevel({ isolationLevel }: Request): boolean {
  return isolationLevel === READ_UNCOMMITTED || isolationLevel === READ_COMMITTED
}

/** What Kafka does not understand it refuses before it looks for anything, each partition as it was given. */
function failed(topics: Request['topics'], name: ErrorName) {
  const error = new ApiError(name)
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((wish) => failure(wish, error)),
    })),
  }
}

function sees({ replicaId, isolationLevel }: Request): OffsetWish['sees'] {
  if (replicaId !== CONSUMER && replicaId !== DEBUGGING_CONSUMER) return 'all'
  return isolationLevel === READ_COMMITTED ? 'committed' : 'uncommitted'
}

function failure({ partitionIndex }: PartitionRequest, { code }: ApiError): PartitionResponse {
  return { partitionIndex, errorCode: code }
}
