import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { createPartitions as createPartitionsApi } from '../../protocol/apis/create-partitions.ts'
import { ApiError } from '../api-error.ts'
import type { Charge, Controller } from '../controller/controller.ts'
import { authorization } from './authorize.ts'
import { handler } from './handler.ts'
import { refusalOf } from './refusal.ts'
import { repeated } from './repeated.ts'

type Request = RequestOf<typeof createPartitionsApi>
type Asked = Request['topics'][number]
type Answer = NonNullable<ResponseOf<typeof createPartitionsApi>['results']>[number]

/** So many records Kafka's controller writes at once, and it answers what is beyond with no reason. */
const PARTITIONS_PER_REQUEST = 10_000

/** Older clients get what they ask for, and wait afterwards (KIP-599). */
const FIRST_STRICT = 3

export const createPartitions = handler(createPartitionsApi, async (request, context) => {
  const { controller, quotas } = context.node
  const account = quotas.mutations(context.asker, context.version >= FIRST_STRICT)
  const results = answersOf(request, controller, {
    charge: account.take,
    mayAlter: authorization(context, 'ALTER', 'TOPIC'),
  })
  await controller.durable()
  context.holdBack(account.waitMs)
  return { results }
})

function answersOf(
  { topics, timeoutMs, validateOnly }: Request,
  controller: Controller,
  { charge, mayAlter }: { readonly charge: Charge; mayAlter(topic: string): boolean },
): Answer[] {
  const twice = repeated(topics.map(({ name }) => name))
  const named = topics.filter(({ name }) => !twice.has(name))
  const once = named.filter(({ name }) => mayAlter(name))
  if (timeoutMs <= 0 && once.length > 0) {
    return topics.map(({ name }) => refused(name, new ApiError('REQUEST_TIMED_OUT')))
  }
  return [
    ...[...twice].map((name) => refused(name, new ApiError('INVALID_REQUEST', 'Duplicate topic name.'))),
    ...named
      .filter((topic) => !once.includes(topic))
      .map(({ name }) => refused(name, new ApiError('TOPIC_AUTHORIZATION_FAILED'))),
    ...once.map((topic) => {
      try {
        grow(topic, controller, { validateOnly, charge })
        return { name: topic.name }
      } catch (cause) {
        return refused(topic.name, cause)
      }
    }),
  ]
}

function grow(
  { name, count, assignments }: Asked,
  controller: Controller,
  { validateOnly, charge }: { validateOnly: boolean; charge: Charge },
): void {
  const topic = controller.topicByName(name)
  if (topic === undefined) throw new ApiError('UNKNOWN_TOPIC_OR_PARTITION')
  const replicas = assignments?.map(({ brokerIds }) => brokerIds) ?? null
  const more = count - topic.partitions.size
  const isMismatch = replicas !== null && replicas.length !== more
  if (more > PARTITIONS_PER_REQUEST && !isMismatch) throw new ApiError('UNKNOWN_SERVER_ERROR')
  if (validateOnly) controller.checkPartitions(topic.topicId, count, replicas, charge)
  else controller.createPartitions(topic.topicId, count, replicas, charge)
}

function refused(name: string, cause: unknown): Answer {
  return { name, ...refusalOf(cause) }
}
