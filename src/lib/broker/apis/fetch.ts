import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { fetch as fetchApi } from '../../protocol/apis/fetch.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { type FetchContext, fetchContext } from '../partitions/fetch-context.ts'
import { type FetchPlan, partitionOf } from '../partitions/fetch-plan.ts'
import type { FetchResult } from '../partitions/fetch-result.ts'
import { fetchWhenEnough } from '../partitions/fetch-wait.ts'
import { type FetchedRecords, fetchedRecords } from '../partitions/fetched-records.ts'
import { currentLeader, nodeEndpoints } from '../partitions/leader-hints.ts'
import { LARGEST_PORTION_BYTES } from '../partitions/read-partition.ts'
import { authorization, isAuthorizedOnCluster } from './authorize.ts'
import { isHeldBack, mostBytes } from './fetch-quota.ts'
import { handler, type RequestContext } from './handler.ts'
import { ZERO_ID } from './topic-parts.ts'

type Request = RequestOf<typeof fetchApi>
type Response = ResponseOf<typeof fetchApi>
type TopicResponse = NonNullable<Response['responses']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

const FIRST_WITH_TOPIC_IDS = 13
/** From this version on an answer says where to go instead (KIP-951). */
const FIRST_WITH_HINTS = 16
/** From this version on the id of a replica is a part of its state. */
const FIRST_WITH_REPLICA_STATE = 15
const READ_COMMITTED = 1
const LENGTH_BYTES = 4
const LARGEST_ISOLATION_LEVEL = READ_COMMITTED

export const fetch = handler(fetchApi, answer, { isInPlace: true })

function answer(request: Request, context: RequestContext): Response | Promise<Response> {
  const { node, version } = context
  let sessionContext: FetchContext
  try {
    sessionContext = fetchContext(request, version >= FIRST_WITH_TOPIC_IDS, node.fetchSessions)
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return cause.error === 'UNKNOWN_SERVER_ERROR' ? failed(request, version) : { errorCode: cause.code }
  }
  const plan = planOf(request, context, sessionContext)
  // Kafka looks at the level once there is something to read.
  const hasPlace = () => plan.targets.some((target) => partitionOf(plan, target, node) !== undefined)
  if (!isKnownLevel(request) && hasPlace()) return failed(request, version)
  const waiting = { clock: node.ports.clock, gone: context.connection.gone }
  return fetchWhenEnough<Response>(plan, node, waiting, (ready) => told(ready, plan, sessionContext, context))
}

function isKnownLevel({ isolationLevel }: Request): boolean {
  return isolationLevel >= 0 && isolationLevel <= LARGEST_ISOLATION_LEVEL
}

/** What Kafka does not understand it refuses as a whole, and each partition as well where topics have names. */
function failed({ topics, sessionId }: Request, version: number): Response {
  const errorCode = errorCodes.UNKNOWN_SERVER_ERROR
  if (version >= FIRST_WITH_TOPIC_IDS) return { errorCode, sessionId }
  const responses = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition }) => ({
      ...{ partitionIndex: partition, errorCode },
      highWatermark: -1n,
      records: Buffer.alloc(0),
    })),
  }))
  return { errorCode, sessionId, responses }
}

function planOf(request: Request, context: RequestContext, { targets }: FetchContext): FetchPlan {
  const { version, node, fairBytes } = context
  const { replicaId } = version >= FIRST_WITH_REPLICA_STATE ? request.replicaState : request
  const allowed = mostBytes(replicaId, context)
  const maxBytes = Math.min(request.maxBytes, node.configs.int('fetch.max.bytes'), fairBytes, allowed)
  return {
    targets,
    usesTopicIds: version >= FIRST_WITH_TOPIC_IDS,
    isCommittedOnly: request.isolationLevel === READ_COMMITTED,
    replicaId,
    maxBytes,
    minBytes: Math.min(request.minBytes, maxBytes, LARGEST_PORTION_BYTES),
    maxWaitMs: request.maxWaitMs,
    mayRead: readingOf(context, replicaId),
  }
}

function readingOf(context: RequestContext, replicaId: number): FetchPlan['mayRead'] {
  if (context.node.authorizer === null) return null
  if (replicaId < 0) return authorization(context, 'READ', 'TOPIC')
  const isBroker = isAuthorizedOnCluster(context, 'CLUSTER_ACTION')
  return () => isBroker
}

function told(
  results: FetchResult[],
  plan: FetchPlan,
  sessionContext: FetchContext,
  context: RequestContext,
): Response | Promise<Response> {
  const ordered = inOrder(results)
  if (isHeldBack(plan.replicaId, context, () => sizeOf(sessionContext.news(ordered), plan, context))) {
    return { ...sessionContext.heldBack(), responses: [] }
  }
  const { sessionId, told: news } = sessionContext.tell(ordered)
  const borrow = (sizeBytes: number) => context.borrow(sizeBytes)
  const records = fetchedRecords(news, plan.isCommittedOnly, borrow, context.node.ports.log)
  const respond = (all: readonly FetchedRecords[]) => response(all, sessionId, plan, context)
  return records instanceof Promise ? records.then(respond) : respond(records)
}

/** What this node does not have comes after what it has, and topics that it does not know in between. */
function inOrder(results: FetchResult[]): FetchResult[] {
  if (results.every(({ partition }) => partition !== undefined)) return results
  const missing = results.filter(({ partition }) => partition === undefined)
  return [
    ...results.filter(({ partition }) => partition !== undefined),
    ...missing.filter(({ error }) => error === 'UNKNOWN_TOPIC_ID'),
    ...missing.filter(({ error }) => error !== 'UNKNOWN_TOPIC_ID'),
  ]
}

/** Of an answer, in front of which Kafka counts its length: of records no more is known yet than how many bytes they are. */
function sizeOf(news: readonly FetchResult[], plan: FetchPlan, context: RequestContext): number {
  const empty = news.map((result) => ({ result, records: Buffer.alloc(0), aborted: null }))
  const answer = response(empty, 0, plan, context)
  const recordBytes = news.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return LENGTH_BYTES + fetchApi.response.encode(answer, context.version).length + recordBytes
}

function response(
  all: readonly FetchedRecords[],
  sessionId: number,
  plan: FetchPlan,
  { version, node, connection }: RequestContext,
): Response {
  // Behind such an id Kafka looks for the topic's name, to put more of it into one place, and fails.
  const isNameless = ({ result }: FetchedRecords) => result.target.topicId === ZERO_ID
  if (plan.usesTopicIds && all.slice(0, -1).some(isNameless)) {
    return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR }
  }
  const responses: { topic: string; topicId: string; partitions: PartitionResponse[] }[] = []
  const hasHints = version >= FIRST_WITH_HINTS
  for (const fetched of all) {
    const { topic, topicId } = fetched.result.target
    const last = responses.at(-1)
    const partition = partitionResponse(fetched, hasHints)
    if (last?.topic === topic && last.topicId === topicId) last.partitions.push(partition)
    else responses.push({ topic, topicId, partitions: [partition] })
  }
  // Followers know each other's addresses.
  const isHinting = hasHints && plan.replicaId < 0
  const moved = isHinting
    ? all.flatMap(({ result }) => (isMoved(result) ? (result.partition ?? []) : []))
    : []
  return { sessionId, responses, nodeEndpoints: nodeEndpoints(moved, node, connection.listenerName) }
}

function partitionResponse(
  { result, records, aborted }: FetchedRecords,
  hasHints: boolean,
): PartitionResponse {
  const { facts, partition, target, error } = result
  return {
    partitionIndex: target.partition,
    errorCode: errorCodes[error],
    highWatermark: BigInt(facts.highWatermark),
    lastStableOffset: BigInt(facts.lastStableOffset),
    logStartOffset: BigInt(facts.logStartOffset),
    abortedTransactions: partition === undefined ? [] : aborted,
    records,
    ...(facts.divergingEpoch && {
      divergingEpoch: {
        epoch: facts.divergingEpoch.epoch,
        endOffset: BigInt(facts.divergingEpoch.endOffset),
      },
    }),
    ...(hasHints && isMoved(result) && partition && { currentLeader: currentLeader(partition) }),
  }
}

function isMoved({ error }: FetchResult): boolean {
  return error === 'NOT_LEADER_OR_FOLLOWER' || error === 'FENCED_LEADER_EPOCH'
}
