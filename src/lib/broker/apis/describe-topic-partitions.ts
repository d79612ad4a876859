import { isInternalTopic } from '../../model/topics.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { describeTopicPartitions as describeTopicPartitionsApi } from '../../protocol/apis/describe-topic-partitions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import type { Controller, LiveTopic } from '../controller/controller.ts'
import { isTopicName } from '../controller/topic-names.ts'
import { authorization } from './authorize.ts'
import { authorizedOperations } from './authorized-operations.ts'
import { handler, type RequestContext } from './handler.ts'
import { partitionParts, sortedPartitions } from './topic-parts.ts'

type Request = RequestOf<typeof describeTopicPartitionsApi>
type Response = ResponseOf<typeof describeTopicPartitionsApi>
type Topic = NonNullable<Response['topics']>[number]

export const describeTopicPartitions = handler(describeTopicPartitionsApi, (request, context): Response => {
  const refusal = refusalOf(request)
  if (refusal !== null) return { topics: request.topics.map(({ name }) => ({ errorCode: refusal, name })) }
  const largest = context.node.configs.int('max.request.partition.size.limit')
  const limit = Math.max(1, Math.min(request.responsePartitionLimit, largest))
  // Who asks for all is told of those that he may know of, and of no others
  const mayDescribe = authorization(context, 'DESCRIBE', 'TOPIC', request.topics.length === 0)
  const page = new Page(request, context, { limit, mayDescribe }).run()
  const hidden = [...new Set(request.topics.map(({ name }) => name))].filter(
    (name) => name >= (request.cursor?.topicName ?? '') && !mayDescribe(name),
  )
  return { ...page, topics: [...(page.topics ?? []), ...hidden.map(unauthorizedTopic)] }
})

function refusalOf({ topics, cursor }: Request): number | null {
  if (cursor === null) return topics.some(({ name }) => name === '') ? errorCodes.UNKNOWN_SERVER_ERROR : null
  const isAmong = topics.length === 0 || topics.some(({ name }) => name === cursor.topicName)
  return isAmong && cursor.partitionIndex >= 0 ? null : errorCodes.INVALID_REQUEST
}

/** Topics by their names, from the cursor on, until so many partitions were told. */
class Page {
  readonly #context: RequestContext
  readonly #cursor: Request['cursor']
  readonly #controller: Controller
  readonly #names: readonly string[]
  readonly #isAll: boolean
  #left: number

  constructor(
    { topics, cursor }: Request,
    context: RequestContext,
    { limit, mayDescribe }: { readonly limit: number; mayDescribe(topic: string): boolean },
  ) {
    const { controller } = context.node
    this.#context = context
    this.#cursor = cursor
    this.#controller = controller
    this.#isAll = topics.length === 0
    const asked = this.#isAll
      ? controller.topics().map(({ name }) => name)
      : [...new Set(topics.map(({ name }) => name))].sort()
    const behind = cursor === null ? asked : asked.filter((name) => name >= cursor.topicName)
    this.#names = behind.filter(mayDescribe)
    this.#left = limit
  }

  run(): Response {
    const topics: Topic[] = []
    for (const name of this.#names) {
      if (this.#left === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
      const topic = this.#controller.topicByName(name)
      if (topic === undefined) {
        topics.push({ ...unknown(name), ...this.#operationsOn(name) })
        continue
      }
      const from = this.#cursor?.topicName === name ? this.#cursor.partitionIndex : 0
      const { answer, next } = this.#told(topic, from)
      topics.push(answer)
      if (next !== null) return { topics, nextCursor: { topicName: name, partitionIndex: next } }
    }
    return { topics, nextCursor: null }
  }

  #told({ name, topicId, partitions }: LiveTopic, from: number): { answer: Topic; next: number | null } {
    const all = sortedPartitions(partitions)
    // Kafka's sum is an int32, which a cursor near its end makes negative.
    const end = Math.min((from + this.#left) | 0, all.length)
    const told = all.filter(({ partition }) => partition >= from && partition < end)
    this.#left -= told.length
    const answer = {
      errorCode: errorCodes.NONE,
      name,
      topicId,
      isInternal: isInternalTopic(name),
      partitions: told.map((partition) => ({
        ...partitionParts(partition),
        eligibleLeaderReplicas: [...partition.elr],
        lastKnownElr: [...partition.lastKnownElr],
      })),
      ...this.#operationsOn(name),
    }
    return { answer, next: end < all.length ? end : null }
  }

  #operationsOn(name: string) {
    return { topicAuthorizedOperations: authorizedOperations(this.#context, 'TOPIC', name) }
  }
}

/** Neither whether it is there, nor by which id. */
function unauthorizedTopic(name: string): Topic {
  return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, name }
}

function unknown(name: string): Topic {
  const { UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION } = errorCodes
  return {
    errorCode: isTopicName(name) ? UNKNOWN_TOPIC_OR_PARTITION : INVALID_TOPIC_EXCEPTION,
    name,
    isInternal: isInternalTopic(name),
  }
}
