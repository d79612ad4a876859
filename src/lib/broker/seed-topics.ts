import { FailedError, UsageError } from '../errors.ts'
import { ApiError } from './api-error.ts'
import type { TopicSeed } from './broker-options.ts'
import type { Controller, TopicWish } from './controller/controller.ts'

/** Makes the topics that are not there: all of them, or none where one cannot be as it is wanted. */
export function seedTopics(controller: Controller, seeds: readonly TopicSeed[]): void {
  const wishes = seeds.flatMap((seed) => wishOf(controller, seed))
  for (const wish of wishes) saying(wish, () => controller.checkTopic(wish))
  for (const wish of wishes) saying(wish, () => void controller.createTopic(wish))
}

function wishOf(controller: Controller, { name, partitions }: TopicSeed): TopicWish[] {
  const known = controller.topicByName(name)
  if (known === undefined) {
    return [{ name, partitions, replicationFactor: -1, assignments: null, configs: new Map() }]
  }
  if (partitions === -1 || known.partitions.size === partitions) return []
  throw topicMismatch(name, known.partitions.size, partitions)
}

function saying({ name }: TopicWish, run: () => void): void {
  try {
    run()
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    throw topicNotMade(name, cause.message || cause.error, cause)
  }
}

export function topicNotMade(name: string, why: string, cause: Error): FailedError {
  return new FailedError('topic-not-made', `topic ${name} cannot be made: ${why}`, {
    cause,
    details: { topic: name },
  })
}

export function topicMismatch(name: string, there: number, wanted: number): UsageError {
  return new UsageError('topic-mismatch', `topic ${name} is there with ${there} partitions, not ${wanted}`, {
    hint: 'name it with the count it has, or without one; partitions can be added later',
    details: { topic: name, partitions: there, wanted },
  })
}
