import { KtoolError } from '../../errors.ts'
import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { metadata as metadataApi } from '../../protocol/apis/metadata.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { LiveTopic } from '../controller/controller.ts'
import { isTopicName } from '../controller/topic-names.ts'
import { authorization, isAuthorizedOnCluster } from './authorize.ts'
import { authorizedOperations, NOT_ASKED, operationsOnCluster } from './authorized-operations.ts'
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
      ? { clusterAuthorizedOperations: operationsOnCluster(context) }
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
  const describe = (topic: LiveTopic) => described(topic, operationsOn(topic.name, withOperations, context))
  // The oldest clients have no null.
  const isAll = topics === null || (context.version === 0 && topics.length === 0)
  // Who asks for all is told of those that he may know of, and of no others
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC', isAll)
  if (isAll) {
    return controller
      .topics()
      .filter(({ name }) => mayDescribe(name))
      .map(describe)
  }
  const ids = new Set(topics.map(({ topicId }) => topicId).filter((id) => id !== ZERO_ID))
  if (ids.size > 0) return byId(ids, context, { mayDescribe, describe })
  const names = [...new Set(topics.map(({ name }) => name ?? ''))]
  const seen = names.filter(mayDescribe)
  const find = (name: string) => heardOf(name, context)
  const known = seen.flatMap((name) => find(name) ?? [])
  const unknown = seen.filter((name) => find(name) === undefined)
  const hidden = names.filter((name) => !mayDescribe(name))
  return [...known.map(describe), ...missing(unknown, request, context), ...hidden.map(unauthorizedTopic)]
}

/** One id, and names beside it are not looked at. */
function byId(
  ids: ReadonlySet<string>,
  { node }: RequestContext,
  { mayDescribe, describe }: { mayDescribe(topic: string): boolean; describe(topic: LiveTopic): Topic },
): Topic[] {
  const unknown: Topic[] = []
  const known: Topic[] = []
  const hidden: Topic[] = []
  for (const topicId of ids) {
    const topic = node.controller.topicById(topicId)
    if (topic === undefined) unknown.push({ errorCode: errorCodes.UNKNOWN_TOPIC_ID, name: null, topicId })
    else if (mayDescribe(topic.name)) known.push(describe(topic))
    else hidden.push({ errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name: null, topicId })
  }
  return [...unknown, ...known, ...hidden]
}

function heardOf(name: string, { node: { controller, freshTopics } }: RequestContext): LiveTopic | undefined {
  const topic = controller.topicByName(name)
  return topic === undefined || freshTopics.has(topic.topicId) ? undefined : topic
}

/** A topic that is created by being asked for is there at a later question: Kafka's controller is elsewhere. */
function missing(names: readonly string[], request: Request, context: RequestContext): Topic[] {
  const { node } = context
  const isAllowed = request.allowAutoTopicCreation && node.configs.boolean('auto.create.topics.enable')
  const mayCreate = isAllowed ? creationOf(context) : () => true
  const forbidden = names.filter((name) => !mayCreate(name))
  const good = names.filter((name) => isTopicName(name) && mayCreate(name))
  const wished = good.filter((name) => node.controller.topicByName(name) === undefined)
  if (isAllowed) tryToCreate(() => createAutomatically(wished, context))
  const answer = (name: string, errorCode: number): Topic => ({
    errorCode,
    name,
    isInternal: isInternalTopic(name),
    topicAuthorizedOperations: operationsOn(name, request.includeTopicAuthorizedOperations, context),
  })
  return [
    ...names
      .filter((name) => !isTopicName(name) && mayCreate(name))
      .map((name) => answer(name, errorCodes.INVALID_TOPIC_EXCEPTION)),
    ...good.map((name) => answer(name, errorCodes.UNKNOWN_TOPIC_OR_PARTITION)),
    ...forbidden.map((name) => ({ ...unauthorizedTopic(name), isInternal: isInternalTopic(name) })),
  ]
}

function creationOf(context: RequestContext): (topic: string) => boolean {
  if (isAuthorizedOnCluster(context, 'CREATE', true)) return () => true
  return authorization(context, 'CREATE', 'TOPIC')
}

/** Neither whether it is there, nor by which id. */
function unauthorizedTopic(name: string): Topic {
  return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name }
}

function tryToCreate(create: () => void): void {
  try {
    create()
  } catch (cause) {
    // The disk refuses: the client hears that there is none.
    if (!(cause instanceof KtoolError || cause instanceof ApiError)) throw cause
  }
}

function described(topic: LiveTopic, operations: number): Topic {
  const { name, topicId, partitions } = topic
  return {
    errorCode: errorCodes.NONE,
    name,
    topicId,
    isInternal: isInternalTopic(name),
    partitions: sortedPartitions(partitions).map(partitionParts),
    topicAuthorizedOperations: operations,
  }
}

function operationsOn(topic: string, isAsked: boolean, context: RequestContext): number {
  return isAsked ? authorizedOperations(context, 'TOPIC', topic) : NOT_ASKED
}
