import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { createTopics as createTopicsApi } from '../../protocol/apis/create-topics.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { ApiError } from '../api-error.ts'
import { createdConfigs } from '../configs/created-configs.ts'
import type { Charge, CheckedTopic, TopicWish } from '../controller/controller.ts'
import { METADATA_TOPIC } from '../controller/topic-names.ts'
import type { Node } from '../node.ts'
import { authorization, isAuthorizedOnCluster } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { RECORDS_PER_OP, tooManyRecords } from './records-per-op.ts'
import { refusalOf } from './refusal.ts'
import { repeated } from './repeated.ts'

type Request = RequestOf<typeof createTopicsApi>
type Asked = Request['topics'][number]
type Answer = NonNullable<ResponseOf<typeof createTopicsApi>['topics']>[number]

const PARTITIONS_PER_REQUEST = 10_000

/** Older clients get what they ask for, and wait afterwards (KIP-599). */
const FIRST_STRICT = 6

export const createTopics = handler(createTopicsApi, async (request, context) => {
  const { node, version, asker } = context
  const account = node.quotas.mutations(asker, version >= FIRST_STRICT)
  const topics = answersOf(request, doorOf(context, account.take))
  await node.controller.durable()
  context.holdBack(account.waitMs)
  return { topics }
})

interface Door {
  readonly node: Node
  readonly charge: Charge
  mayCreate(topic: string): boolean
  mayDescribeConfigs(topic: string): boolean
}

function doorOf(context: RequestContext, charge: Charge): Door {
  const mayCreateAll = isAuthorizedOnCluster(context, 'CREATE', true)
  return {
    node: context.node,
    charge,
    mayCreate: mayCreateAll ? () => true : authorization(context, 'CREATE', 'TOPIC'),
    mayDescribeConfigs: authorization(context, 'DESCRIBE_CONFIGS', 'TOPIC', true),
  }
}

function answersOf({ topics, timeoutMs, validateOnly }: Request, door: Door): Answer[] {
  const { node } = door
  const twice = repeated(topics.map(({ name }) => name))
  const once = topics.filter(({ name }) => !twice.has(name))
  const allowed = once.filter(({ name }) => name !== METADATA_TOPIC)
  const real = allowed.filter(({ name }) => door.mayCreate(name))
  if (timeoutMs <= 0 && real.length > 0) {
    return topics.map(({ name }) => refused(name, new ApiError('REQUEST_TIMED_OUT')))
  }
  if (!isExcessive(real, node) && recordsOf(real, node) > RECORDS_PER_OP) {
    return topics.map(({ name }) => refused(name, tooManyRecords()))
  }
  return [
    ...(isExcessive(real, node) ? real.map(excessive) : created(real, door, validateOnly)),
    ...[...twice].map((name) => refused(name, new ApiError('INVALID_REQUEST', 'Duplicate topic name.'))),
    ...once.filter((topic) => !real.includes(topic)).map(prohibited),
  ]
}

function created(topics: readonly Asked[], door: Door, validateOnly: boolean): Answer[] {
  const wishes = topics.map(wishOf)
  return validateOnly ? wishes.map((wish) => checked(wish, door)) : made(wishes, door)
}

function made(wishes: readonly TopicWish[], door: Door): Answer[] {
  const { charge, node } = door
  const { controller } = node
  try {
    const results = controller.createTopics(wishes, charge)
    return wishes.map((wish, i) => {
      const result = results[i]
      if (result === undefined || result instanceof ApiError) return refused(wish.name, result)
      const { topicId, partitions } = result
      const replicationFactor = partitions.get(0)?.replicas.length ?? 1
      return answer(wish, { topicId, partitions: partitions.size, replicationFactor }, door)
    })
  } catch (cause) {
    return wishes.map(({ name }) => refused(name, cause))
  }
}

function checked(wish: TopicWish, door: Door): Answer {
  try {
    return answer(wish, door.node.controller.checkTopic(wish, door.charge), door)
  } catch (cause) {
    return refused(wish.name, cause)
  }
}

function answer({ name, configs: own }: TopicWish, topic: CheckedTopic, door: Door): Answer {
  const { topicId, partitions, replicationFactor } = topic
  if (!door.mayDescribeConfigs(name)) {
    return { name, topicId, errorMessage: null, topicConfigErrorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED }
  }
  return {
    name,
    topicId,
    errorMessage: null,
    numPartitions: partitions,
    replicationFactor,
    configs: createdConfigs(door.node.configs, own),
  }
}

function wishOf({ name, numPartitions, replicationFactor, assignments, configs }: Asked): TopicWish {
  const byHand = assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds] as const)
  return {
    name,
    partitions: numPartitions,
    replicationFactor,
    assignments: byHand.length === 0 ? null : byHand,
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
  if (name !== METADATA_TOPIC) {
    return refused(name, new ApiError('TOPIC_AUTHORIZATION_FAILED', 'Authorization failed.'))
  }
  return refused(name, new ApiError('INVALID_REQUEST', `Creation of internal topic ${name} is prohibited.`))
}

function refused(name: string, cause: unknown): Answer {
  return { name, ...refusalOf(cause), configs: [] }
}
