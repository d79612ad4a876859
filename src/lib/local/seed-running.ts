import { topicMismatch, topicNotMade } from '../broker/seed-topics.ts'
import { KtoolError } from '../errors.ts'
import type { NewTopic, TopicState, TopicsChanger } from '../model/topics-changer.ts'
import { BY_DEFAULT, type TopicWish } from './topic-wish.ts'

/**
 * Makes the topics that a broker which runs already has not, and tells their names: all of them, or none where one
 * cannot be as it is wanted. That is what the broker does itself when it starts.
 */
export async function seedRunning(
  changer: Pick<TopicsChanger, 'states' | 'create'>,
  wishes: readonly TopicWish[],
): Promise<string[]> {
  const states = await changer.states(wishes.map(({ name }) => name))
  const absent = wishes.filter((wish, i) => !isThere(wish, states[i]?.outcome ?? null))
  if (absent.length === 0) return []
  const topics = absent.map(newTopic)
  for (const isTrial of [true, false]) {
    for (const { item, outcome } of await changer.create(topics, isTrial)) {
      if (outcome instanceof KtoolError) throw topicNotMade(item, outcome.message, outcome)
    }
  }
  return absent.map(({ name }) => name)
}

function isThere({ name, partitions }: TopicWish, state: TopicState | KtoolError | null): boolean {
  if (state instanceof KtoolError) throw state
  if (state === null) return false
  const there = state.assignment.length
  if (partitions !== BY_DEFAULT && there !== partitions) throw topicMismatch(name, there, partitions)
  return true
}

function newTopic({ name, partitions }: TopicWish): NewTopic {
  return { topic: name, partitions, replicationFactor: -1, assignment: null, configs: {} }
}
