import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { produce as produceApi } from '../../protocol/apis/produce.ts'
import { currentLeader, nodeEndpoints } from '../partitions/leader-hints.ts'
import {
  lacksRecords,
  type ProduceRights,
  produceEntries,
  refuseEarly,
} from '../partitions/produce-entries.ts'
import type { ProduceEntry } from '../partitions/produce-entry.ts'
import { enterTransaction } from '../partitions/produce-transaction.ts'
import { storageFailure } from '../partitions/storage-failure.ts'
import { authorization, isAuthorized } from './authorize.ts'
import {
  closeConnection,
  handler,
  neverAnswered,
  noResponse,
  type Reply,
  type RequestContext,
} from './handler.ts'

type Request = RequestOf<typeof produceApi>
type Response = ResponseOf<typeof produceApi>

/** From this version on a write adds its partition to the transaction (KIP-890). */
const FIRST_OF_TRANSACTION_V2 = 12
/** Clients before it know no TRANSACTION_ABORTABLE. */
const FIRST_WITH_ABORTABLE = 11

export const produce = handler(produceApi, answer, { isInPlace: true })

function answer(request: Request, context: RequestContext): Reply<Response> | Promise<Reply<Response>> {
  const { version, node } = context
  const { transactionalId } = request
  const rights = node.authorizer === null ? null : rightsOf(context)
  if (lacksRecords(request, context, rights)) return neverAnswered
  const entries = produceEntries(request, context, rights)
  const entering =
    transactionalId === null
      ? undefined
      : enterTransaction(entries, {
          ...{ transactionalId, transactions: node.transactions },
          mayAdd: version >= FIRST_OF_TRANSACTION_V2,
          knowsAbortable: version >= FIRST_WITH_ABORTABLE,
        })
  const go = () => {
    for (const entry of entries) refuseEarly(entry, request.acks, context.clientId)
    return append(entries, request.acks, context)
  }
  return entering === undefined ? go() : entering.then(go)
}

function rightsOf(context: RequestContext): ProduceRights {
  return {
    mayWrite: authorization(context, 'WRITE', 'TOPIC'),
    mayUse: (id) => isAuthorized(context, 'WRITE', 'TRANSACTIONAL_ID', id),
  }
}

function append(
  entries: readonly ProduceEntry[],
  acks: number,
  context: RequestContext,
): Reply<Response> | Promise<Reply<Response>> {
  const unsafe: Promise<void>[] = []
  for (const entry of entries) {
    appendOne(entry, context)
    if (entry.appended && entry.partition?.isFlushDue) unsafe.push(durable(entry, context))
  }
  // What was refused counts as well: it has come all the same.
  const { quotas } = context.node
  if (quotas.isProduceSet) context.holdBack(quotas.produced(context.asker, context.sizeBytes))
  if (acks === 0) return entries.some(({ refusal }) => refusal) ? closeConnection : noResponse
  if (unsafe.length > 0) return Promise.all(unsafe).then(() => response(entries, context))
  return response(entries, context)
}

function appendOne(entry: ProduceEntry, context: RequestContext): void {
  const { batch, partition } = entry
  if (!entry.isOpen || batch === undefined || partition === undefined) return
  try {
    entry.appended = partition.appendClientBatch(batch)
  } catch (cause) {
    entry.refuseAppend(storageFailure(cause, partition.name, context.node.ports.log))
  }
}

async function durable(entry: ProduceEntry, context: RequestContext): Promise<void> {
  const { partition } = entry
  try {
    await partition?.durable()
  } catch (cause) {
    entry.refuseAppend(storageFailure(cause, partition?.name ?? '', context.node.ports.log))
  }
}

function response(entries: readonly ProduceEntry[], context: RequestContext): Response {
  const moved = entries.some(isMoved)
  return {
    responses: byTopic(entries),
    nodeEndpoints: moved ? endpointsOf(entries.filter(isMoved), context) : [],
  }
}

function byTopic(entries: readonly ProduceEntry[]): TopicResponse[] {
  const [first] = entries
  if (first === undefined) return []
  const { name, topicId } = first.topic
  // Mostly there is one topic, and nothing to be told apart.
  if (entries.every(({ topic }) => topic === first.topic))
    return [{ name, topicId, partitionResponses: entries.map(partitionResponse) }]
  const topics = new Map<string, TopicResponse>()
  for (const entry of entries) {
    const { name, topicId } = entry.topic
    const topic = topics.get(`${name}/${topicId}`) ?? { name, topicId, partitionResponses: [] }
    topics.set(`${name}/${topicId}`, topic)
    topic.partitionResponses.push(partitionResponse(entry))
  }
  return [...topics.values()]
}

function endpointsOf(moved: readonly ProduceEntry[], { node, connection }: RequestContext) {
  const partitions = moved.flatMap(({ partition }) => partition ?? [])
  return nodeEndpoints(partitions, node, connection.listenerName)
}

interface TopicResponse {
  readonly name: string
  readonly topicId: string
  readonly partitionResponses: PartitionResponse[]
}
type PartitionResponse = NonNullable<NonNullable<Response['responses']>[number]['partitionResponses']>[number]

function partitionResponse(entry: ProduceEntry): PartitionResponse {
  const { index, appended, refusal, partition, errorCode } = entry
  if (refusal !== undefined || appended === undefined) {
    return {
      index,
      errorCode,
      baseOffset: -1n,
      logStartOffset: BigInt(refusal?.logStartOffset ?? -1),
      recordErrors: refusal?.recordErrors ?? [],
      errorMessage: refusal?.message ?? null,
      ...(isMoved(entry) && partition && { currentLeader: currentLeader(partition) }),
    }
  }
  return {
    index,
    errorCode,
    baseOffset: BigInt(appended.baseOffset),
    logAppendTimeMs: BigInt(appended.logAppendTimeMs),
    logStartOffset: BigInt(partition?.logStartOffset ?? -1),
  }
}

function isMoved({ refusal }: ProduceEntry): boolean {
  return refusal?.error === 'NOT_LEADER_OR_FOLLOWER'
}
