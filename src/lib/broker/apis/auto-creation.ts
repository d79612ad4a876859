import { ApiError } from '../api-error.ts'
import type { TopicWish } from '../controller/controller.ts'
import { METADATA_TOPIC } from '../controller/topic-names.ts'
import { OFFSETS_TOPIC, offsetsTopicWish } from '../coordinators/group/offsets-topic.ts'
import { TRANSACTION_TOPIC, transactionTopicWish } from '../coordinators/transaction/transaction-topic.ts'
import type { Node } from '../node.ts'
import type { RequestContext } from './handler.ts'

/**
 * Topics that somebody asks for and that are not there, all at once. Kafka's own have settings of their own. What a quota
 * is against is not made, and asked for again.
 */
export function createAutomatically(
  names: readonly string[],
  { node: { controller, configs, quotas, freshTopics }, asker }: RequestContext,
): void {
  const wishes = names.filter((name) => name !== METADATA_TOPIC).map((name) => wishFor(name, configs))
  for (const made of controller.createTopics(wishes, quotas.mutations(asker, true).take)) {
    if (!(made instanceof ApiError)) freshTopics.add(made.topicId)
  }
}

function wishFor(name: string, configs: Node['configs']): TopicWish {
  if (name === OFFSETS_TOPIC) return offsetsTopicWish(configs, 1)
  if (name === TRANSACTION_TOPIC) return transactionTopicWish(configs, 1)
  return { name, partitions: -1, replicationFactor: -1, assignments: null, configs: new Map() }
}
