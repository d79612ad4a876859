import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { addPartitionsToTxn as addPartitionsToTxnApi } from '../../protocol/apis/add-partitions-to-txn.ts'
import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import type { ProducerIdentity } from '../coordinators/transaction/transaction.ts'
import {
  type Asking as Authorizing,
  authorization,
  isAuthorized,
  mustBeAuthorizedOnCluster,
} from './authorize.ts'
import { handler, neverAnswered, type Reply } from './handler.ts'
import { producerRefusal } from './producer-refusal.ts'

const FENCED_SINCE = 2
/** Brokers put the transactions of many producers into one request. */
const BATCHED_SINCE = 4

type Request = RequestOf<typeof addPartitionsToTxnApi>
type Response = ResponseOf<typeof addPartitionsToTxnApi>
type Topics = Request['v3AndBelowTopics']

interface Asked extends ProducerIdentity {
  readonly transactionalId: string
  readonly isVerifyOnly: boolean
  readonly topics: Topics
}

interface Asking extends Authorizing {
  readonly version: number
}

type TopicResults = {
  name: string
  resultsByPartition: { partitionIndex: number; partitionErrorCode: number }[]
}[]

export const addPartitionsToTxn = handler(
  addPartitionsToTxnApi,
  async (request, asking): Promise<Reply<Response>> => {
    if (asking.version < BATCHED_SINCE) {
      return { resultsByTopicV3AndBelow: await resultsOf(singleOf(request), asking) }
    }
    mustBeAuthorizedOnCluster(asking, 'CLUSTER_ACTION')
    // Kafka answers once the last of them is dealt with.
    if (request.transactions.length === 0) return neverAnswered
    const resultsByTransaction = []
    for (const asked of request.transactions.map(batchedOf)) {
      const { transactionalId } = asked
      resultsByTransaction.push({ transactionalId, topicResults: await resultsOf(asked, asking) })
    }
    return { resultsByTransaction }
  },
)

function singleOf(request: Request): Asked {
  return {
    transactionalId: request.v3AndBelowTransactionalId,
    producerId: Number(request.v3AndBelowProducerId),
    producerEpoch: request.v3AndBelowProducerEpoch,
    isVerifyOnly: false,
    topics: request.v3AndBelowTopics,
  }
}

function batchedOf(one: Request['transactions'][number]): Asked {
  const { transactionalId, producerEpoch, verifyOnly: isVerifyOnly, topics } = one
  return { transactionalId, producerId: Number(one.producerId), producerEpoch, isVerifyOnly, topics }
}

/** All partitions of a request are added, or none. */
async function resultsOf(asked: Asked, asking: Asking): Promise<TopicResults> {
  const isOfClient = asking.version < BATCHED_SINCE
  if (isOfClient && !isAuthorized(asking, 'WRITE', 'TRANSACTIONAL_ID', asked.transactionalId)) {
    return results(asked.topics, () => 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  }
  const mayWrite = isOfClient ? authorization(asking, 'WRITE', 'TOPIC') : () => true
  const refusalOfPartition = (topic: string, partition: number) =>
    doorRefusal(topic, partition, asking, mayWrite)
  if (
    asked.topics.some(({ name, partitions }) => partitions.some((index) => refusalOfPartition(name, index)))
  ) {
    return results(
      distinctOf(asked.topics),
      (topic, partition) => refusalOfPartition(topic, partition) ?? 'OPERATION_NOT_ATTEMPTED',
    )
  }
  if (asked.isVerifyOnly) return verified(asked, asking)
  const error = await refusalOf(() => added(asked, asking), asking)
  return results(asked.topics, () => error)
}

/** Clients have no business in the topics of coordinators, other than by AddOffsetsToTxn; brokers do it for them. */
function doorRefusal(
  topic: string,
  partition: number,
  { node, version }: Asking,
  mayWrite: (topic: string) => boolean,
): ErrorName | null {
  const isForbidden = version < BATCHED_SINCE && isInternalTopic(topic)
  if (isForbidden || !mayWrite(topic)) return 'TOPIC_AUTHORIZATION_FAILED'
  const isThere = node.controller.topicByName(topic)?.partitions.has(partition) === true
  return isThere ? null : 'UNKNOWN_TOPIC_OR_PARTITION'
}

async function verified(asked: Asked, asking: Asking): Promise<TopicResults> {
  const { transactionalId, topics } = asked
  const verifications = distinctOf(topics).map(async ({ name, partitions }) => ({
    name,
    resultsByPartition: await Promise.all(
      partitions.map(async (partitionIndex) => {
        const verify = async () => {
          mustBeNamed(asked)
          asking.node.transactions.verify(transactionalId, asked, name, partitionIndex)
        }
        return { partitionIndex, partitionErrorCode: errorCodes[await refusalOf(verify, asking)] }
      }),
    ),
  }))
  return Promise.all(verifications)
}

async function added(asked: Asked, { node, version }: Asking): Promise<void> {
  mustBeNamed(asked)
  await node.transactions.addPartitions({
    ...asked,
    partitions: byTopic(asked.topics),
    clientVersion: version >= BATCHED_SINCE ? 2 : 0,
  })
}

function mustBeNamed({ transactionalId }: Asked): void {
  if (transactionalId === '') throw new ApiError('INVALID_REQUEST')
}

async function refusalOf(run: () => Promise<void>, { version }: Asking): Promise<ErrorName> {
  try {
    await run()
    return 'NONE'
  } catch (cause) {
    return producerRefusal(cause, version >= FENCED_SINCE)
  }
}

function distinctOf(topics: Topics): Topics {
  return [...byTopic(topics.filter(({ partitions }) => partitions.length > 0))].map(([name, partitions]) => ({
    name,
    partitions: [...partitions],
  }))
}

function byTopic(topics: Topics): Map<string, Set<number>> {
  const all = new Map<string, Set<number>>()
  for (const { name, partitions } of topics) {
    all.set(name, new Set([...(all.get(name) ?? []), ...partitions]))
  }
  return all
}

function results(topics: Topics, errorOf: (topic: string, partition: number) => ErrorName): TopicResults {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorCodes[errorOf(name, partitionIndex)],
    })),
  }))
}
