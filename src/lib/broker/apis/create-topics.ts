import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { createTopics as createTopicsApi } from '../../protocol/apis/create-topics.ts'
import { ApiError } from '../api-error.ts'
import { createdConfigs } from '../configs/created-configs.ts'
import type { Charge, CheckedTopic, TopicWish } from '../controller/controller.ts'
import { METADATA_TOPIC } from '../controller/topic-names.ts'
import type { Node } from '../node.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'
import { repeated } from './repeated.ts'

type Request = RequestOf<typeof createTopicsApi>
type Asked = Request['topics'][number]
type Answer = NonNullable<ResponseOf<typeof createTopicsApi>['topics']>[number]

const PARTITIONS_PER_REQUEST = 10_000
/** Of metadata, that one operation may write. */
const RECORDS_PER_REQUEST = 10_000

/** Older clients get what they ask for, and wait afterwards (KIP-599). */
const FIRST_STRICT = 6

export const createTopics = handler(createTopicsApi, async (request, context) => {
  const { node, version, asker } = context
  const account = node.quotas.mutations(asker, version >= FIRST_STRICT)
  const topics = answersOf(request, node, account.take)
  await node.controller.durable()
  context.holdBack(account.waitMs)
  return { topics }
})

function answersOf({ topics, timeoutMs, validateOnly }: Request, node: Node, charge: Charge): Answer[] {
  const twice = repeated(topics.map(({ name }) => name))
  const once = topics.filter(({ name }) => !twice.has(name))
  const real = once.filter(({ name }) => name !== METADATA_TOPIC)
  if (timeoutMs <= 0 && real.length > 0) {
    return topics.map(({ name }) => refused(name, new ApiError('REQUEST_TIMED_OUT')))
  }
  if (!isExcessive(real, node) && recordsOf(real, node) > RECORDS_PER_REQUEST) {
    const refusal = new ApiError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.')
    return topics.map(({ name }) => refused(name, refusal))
  }
  return [
    ...(isExcessive(real, node)
      ? real.map(excessive)
      : created({ topics: real, validateOnly, charge }, node)),
    ...[...twice].map((name) => refused(name, new ApiError('INVALID_REQUEST', 'Duplicate topic name.'))),
    ...once.filter(({ name }) => name === METADATA_TOPIC).map(prohibited),
  ]
}

interface Creation {
  readonly topics: readonly Asked[]
  readonly validateOnly: boolean
  readonly charge: Charge
}

function created({ topics, validateOnly, charge }: Creation, node: Node): Answer[] {
  const wishes = topics.map(wishOf)
  return validateOnly ? wishes.map((wish) => checked(wish, node, charge)) : made(wishes, node, charge)
}

function made(wishes: readonly TopicWish[], { controller, configs }: Node, charge: Charge): Answer[] {
  try {
    const results = controller.createTopics(wishes, charge)
    return wishes.map((wish, i) => {
      const result = results[i]
      if (result === undefined || result instanceof ApiError) return refused(wish.name, result)
      const { topicId, partitions } = result
      const replicationFactor = partitions.get(0)?.replicas.length ?? 1
      return answer(wish, { topicId, partitions: partitions.size, replicationFactor }, configs)
    })
  } catch (cause) {
    return wishes.map(({ name }) => refused(name, cause))
  }
}

function checked(wish: TopicWish, { controller, configs }: Node, charge: Charge): Answer {
  try {
    return answer(wish, controller.checkTopic(wish, charge), configs)
  } catch (cause) {
    return refused(wish.name, cause)
  }
}

function answer({ name, configs: own }: TopicWish, topic: CheckedTopic, configs: Node['configs']): Answer {
  const { topicId, partitions, replicationFactor } = topic
  return {
    name,
    topicId,
    errorMessage: null,
    numPartitions: partitions,
    replicationFactor,
    configs: createdConfigs(configs, own),
  }
}

function wishOf({ name, numPartitions, replicationFactor, assignments, configs }: Asked): TopicWish {
  const numbers = assignments.map(({ partitionIndex }) => partitionIndex)
  const [twice] = repeated(numbers)
  return {
    name,
    partitions: numPartitions,
    replicationFactor,
    assignments:
      assignments.length === 0
        ? null
        : new Map(assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds])),
    repeatedPartition: twice ?? null,
    configs: new Map(configs.map(({ name, value }) => [name, value])),
  }
}

function isExcessive(topics: readonly Asked[], node: Node): boolean {
  return topics.reduce((sum, topic) => sum + partitionsOf(topic, node), 0) > PARTITIONS_PER_REQUEST
}

function recordsOf(topics: readonly Asked[], node: Node): number {
  return topics.reduce((sum, topic) => sum + 1 + topic.configs.length + partitionsOf(topic, node), 0)
}

function partitionsOf({ numPartitions, assignments }: Asked, { configs }: Node): number {
  if (assignments.length > 0) return assignments.length
  return numPartitions === -1 ? configs.int('num.partitions') : Math.max(0, numPartitions)
}

function excessive({ name }: Asked): Answer {
  return refused(
    name,
    new ApiError('POLICY_VIOLATION', 'Excessively large number of partitions per request.'),
  )
}

function prohibited({ name }: Asked): Answer {
  return refused(name, new ApiError('INVALID_REQUEST', `Creation of internal topic ${name} is prohibited.`))
}

function refused(name: string, cause: unknown): Answer {
  return { name, ...refusalOf(cause), configs: [] }
}
