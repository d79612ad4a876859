import { KtoolError } from '../../errors.ts'
import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { metadata as metadataApi } from '../../protocol/apis/metadata.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { LiveTopic } from '../controller/controller.ts'
import { isTopicName } from '../controller/topic-names.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations.ts'
import { createAutomatically } from './auto-creation.ts'
import { handler, type RequestContext } from './handler.ts'
import { partitionParts, sortedPartitions, ZERO_ID } from './topic-parts.ts'

type Request = RequestOf<typeof metadataApi>
type Response = ResponseOf<typeof metadataApi>
type Topic = NonNullable<Response['topics']>[number]

/** Topics may be named by their ids since then. */
const BY_ID_SINCE = 12

export const metadata = handler(metadataApi, async (request, context): Promise<Response> => {
  const refusal = refused(request, context.version)
  if (refusal !== null) return refusal
  const { id, clusterId, controller, endpoints, configs } = context.node
  const endpoint = endpoints.get(context.connection.listenerName)
  const topics = asked(request, context)
  if (request.topics !== null) await controller.durable()
  return {
    brokers:
      endpoint === undefined ? [] : [{ nodeId: id, ...endpoint, rack: configs.optional('broker.rack') }],
    clusterId,
    controllerId: id,
    topics,
    ...(request.includeClusterAuthorizedOperations
      ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS }
      : {}),
  }
})

/** What no answer can be given to, topic by topic: it names no broker either. */
function refused({ topics }: Request, version: number): Response | null {
  const failed = (errorCode: number): Response => ({
    topics: (topics ?? []).map(({ name, topicId }) => ({ errorCode, name: name ?? '', topicId })),
  })
  const isById = ({ name, topicId }: { name: string | null; topicId: string }) =>
    name === null || topicId !== ZERO_ID
  if (topics === null || !topics.some(isById)) return null
  if (version < BY_ID_SINCE) return failed(errorCodes.INVALID_REQUEST)
  const isNothing = topics.some(({ name, topicId }) => name === null && topicId === ZERO_ID)
  return isNothing ? failed(errorCodes.UNKNOWN_SERVER_ERROR) : null
}

function asked(request: Request, context: RequestContext): Topic[] {
  const { topics, includeTopicAuthorizedOperations: withOperations } = request
  const { controller } = context.node
  const describe = (topic: LiveTopic) => described(topic, withOperations)
  // The oldest clients have no null.
  const isAll = topics === null || (context.version === 0 && topics.length === 0)
  if (isAll) return controller.topics().map(describe)
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_ID))
  if (ids.size > 0) return byId(ids, context, describe)
  const names = [...new Set(topics.map(({ name }) => name ?? ''))]
  const known = names.flatMap((name) => controller.topicByName(name) ?? [])
  const unknown = names.filter((name) => controller.topicByName(name) === undefined)
  return [...known.map(describe), ...missing(unknown, request, context)]
}

/** One id, and names beside it are not looked at. */
function byId(
  ids: ReadonlySet<string>,
  { node }: RequestContext,
  describe: (topic: LiveTopic) => Topic,
): Topic[] {
  const unknown: Topic[] = []
  const known: Topic[] = []
  for (const topicId of ids) {
    const topic = node.controller.topicById(topicId)
    if (topic !== undefined) known.push(describe(topic))
    else unknown.push({ errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null, topicId })
  }
  return [...unknown, ...known]
}

/** A topic that is created by being asked for is there at the next question: Kafka's controller is elsewhere. */
function missing(names: readonly string[], request: Request, context: RequestContext): Topic[] {
  const { node } = context
  const isAllowed = request.allowAutoTopicCreation && node.configs.boolean('auto.create.topics.enable')
  const good = names.filter(isTopicName)
  if (isAllowed) tryToCreate(() => createAutomatically(good, context))
  const answer = (name: string, errorCode: number): Topic => ({
    errorCode,
    name,
    isInternal: isInternalTopic(name),
    topicAuthorizedOperations: operations(request.includeTopicAuthorizedOperations),
  })
  return [
    ...names
      .filter((name) => !isTopicName(name))
      .map((name) => answer(name, errorCodes.INVALID_TOPIC_EXCEPTION)),
    ...good.map((name) => answer(name, errorCodes.UNKNOWN_TOPIC_OR_PARTITION)),
  ]
}

function tryToCreate(create: () => void): void {
  try {
    create()
  } catch (cause) {
    // The disk refuses: the client hears that there is none.
    if (!(cause instanceof KtoolError || cause instanceof ApiError)) throw cause
  }
}

function described(topic: LiveTopic, withOperations: boolean): Topic {
  const { name, topicId, partitions } = topic
  return {
    errorCode: errorCodes.NONE,
    name,
    topicId,
    isInternal: isInternalTopic(name),
    partitions: sortedPartitions(partitions).map(partitionParts),
    topicAuthorizedOperations: operations(withOperations),
  }
}

function operations(isAsked: boolean): number {
  return isAsked ? TOPIC_OPERATIONS : NOT_ASKED
}
