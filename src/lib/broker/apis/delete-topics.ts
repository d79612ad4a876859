import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { deleteTopics as deleteTopicsApi } from '../../protocol/apis/delete-topics.ts'
import { ApiError } from '../api-error.ts'
import type { Charge, Controller } from '../controller/controller.ts'
import { authorization, isAuthorizedOnCluster, unauthorized } from './authorize.ts'
import { handler, type RequestContext } from './handler.ts'
import { refusalOf } from './refusal.ts'
import { repeated } from './repeated.ts'
import { ZERO_ID } from './topic-parts.ts'

type Request = RequestOf<typeof deleteTopicsApi>
type Answer = NonNullable<ResponseOf<typeof deleteTopicsApi>['responses']>[number]

/** By name or by id. */
interface Asked {
  readonly name: string | null
  readonly topicId: string
}

const BY_ID_SINCE = 6
const DISABLED_SINCE = 3
/** Older clients get what they ask for, and wait afterwards (KIP-599). */
const FIRST_STRICT = 5

export const deleteTopics = handler(deleteTopicsApi, async (request, context) => {
  const { version, node } = context
  const { controller, configs, quotas } = node
  const asked = askedOf(request, version)
  if (!configs.boolean('delete.topic.enable')) {
    const error = version < DISABLED_SINCE ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED'
    return { responses: asked.map((each) => refused(each, new ApiError(error))) }
  }
  const account = quotas.mutations(context.asker, version >= FIRST_STRICT)
  const rights = rightsOf(context)
  const responses = new Deletion(asked, controller, { rights, charge: account.take }).run(request.timeoutMs)
  await controller.durable()
  context.holdBack(account.waitMs)
  return { responses }
})

interface Rights {
  mayDescribe(topic: string): boolean
  mayDelete(topic: string): boolean
}

function rightsOf(context: RequestContext): Rights {
  if (isAuthorizedOnCluster(context, 'DELETE', true))
    return { mayDescribe: () => true, mayDelete: () => true }
  return {
    mayDescribe: authorization(context, 'DESCRIBE', 'TOPIC'),
    mayDelete: authorization(context, 'DELETE', 'TOPIC'),
  }
}

function askedOf({ topics, topicNames }: Request, version: number): Asked[] {
  if (version >= BY_ID_SINCE) return topics
  return topicNames.map((name) => ({ name, topicId: ZERO_ID }))
}

function refused({ name, topicId }: Asked, cause: unknown): Answer {
  return { name, topicId, ...refusalOf(cause) }
}

/** What is asked for twice, in one way or in two, is deleted in none. */
class Deletion {
  readonly #asked: readonly Asked[]
  readonly #controller: Controller
  readonly #charge: Charge
  readonly #rights: Rights
  readonly #answers: Answer[] = []

  constructor(
    asked: readonly Asked[],
    controller: Controller,
    { rights, charge }: { readonly rights: Rights; readonly charge: Charge },
  ) {
    this.#asked = asked
    this.#controller = controller
    this.#charge = charge
    this.#rights = rights
  }

  run(timeoutMs: number): Answer[] {
    const names = this.#asked.filter((each) => each.name !== null && each.topicId === ZERO_ID)
    const ids = this.#asked.filter((each) => each.name === null && each.topicId !== ZERO_ID)
    this.#refuseOthers()
    const ownNames = this.#once(names, ({ name }) => name, 'Duplicate topic name.')
    const ownIds = this.#once(ids, ({ topicId }) => topicId, 'Duplicate topic id.')
    if (timeoutMs <= 0 && ownNames.length + ownIds.length > 0) {
      return this.#asked.map((each) => refused(each, new ApiError('REQUEST_TIMED_OUT')))
    }
    this.#deleteAll(ownNames, this.#allowedIds(ownIds))
    return this.#answers
  }

  #refuseOthers(): void {
    for (const each of this.#asked) {
      if (each.name === null && each.topicId === ZERO_ID) {
        this.#refuse(each, 'INVALID_REQUEST', 'Neither topic name nor id were specified.')
      } else if (each.name !== null && each.topicId !== ZERO_ID) {
        this.#refuse(each, 'INVALID_REQUEST', 'You may not specify both topic name and topic id.')
      }
    }
  }

  #once(asked: readonly Asked[], keyOf: (each: Asked) => string | null, message: string): Asked[] {
    const twice = repeated(asked.map(keyOf))
    const told = new Set<string | null>()
    for (const each of asked) {
      if (twice.has(keyOf(each)) && !told.has(keyOf(each))) {
        told.add(keyOf(each))
        this.#refuse(each, 'INVALID_REQUEST', message)
      }
    }
    return asked.filter((each) => !twice.has(keyOf(each)))
  }

  /** Ids are no secret, and names are one to whoever may not describe them. */
  #allowedIds(ids: readonly Asked[]): Asked[] {
    return ids.filter(({ topicId }) => {
      const name = this.#controller.topicById(topicId)?.name
      if (name === undefined || this.#rights.mayDelete(name)) return true
      const told = this.#rights.mayDescribe(name) ? name : null
      this.#answers.push(refused({ name: told, topicId }, unauthorized('TOPIC')))
      return false
    })
  }

  #deleteAll(names: readonly Asked[], ids: readonly Asked[]): void {
    const given = new Set(ids.map(({ topicId }) => topicId))
    const inTwoWays = new Set<string>()
    for (const each of names) {
      const name = each.name ?? ''
      const topic = this.#controller.topicByName(name)
      const isKnown = topic !== undefined && this.#rights.mayDelete(name)
      if (!this.#rights.mayDescribe(name) || (topic !== undefined && !isKnown)) {
        this.#answers.push(refused(each, unauthorized('TOPIC')))
      } else if (topic === undefined) {
        this.#refuse(each, 'UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.')
      } else if (given.has(topic.topicId)) {
        inTwoWays.add(topic.topicId)
        const message = 'The provided topic name maps to an ID that was already supplied.'
        this.#refuse({ name: topic.name, topicId: topic.topicId }, 'INVALID_REQUEST', message)
      } else this.#delete(topic.topicId)
    }
    for (const { topicId } of ids) if (!inTwoWays.has(topicId)) this.#delete(topicId)
  }

  #delete(topicId: string): void {
    const topic = this.#controller.topicById(topicId)
    const asked = { name: topic?.name ?? null, topicId }
    try {
      this.#controller.deleteTopic(topicId, this.#charge)
      this.#answers.push(asked)
    } catch (cause) {
      this.#answers.push(refused(asked, cause))
    }
  }

  #refuse(asked: Asked, error: ConstructorParameters<typeof ApiError>[0], message: string): void {
    this.#answers.push(refused(asked, new ApiError(error, message)))
  }
}
