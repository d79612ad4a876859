import type { TopicWish } from '../controller/controller.ts'
import { OFFSETS_TOPIC, offsetsTopicWish } from '../coordinators/group/offsets-topic.ts'
import { TRANSACTION_TOPIC, transactionTopicWish } from '../coordinators/transaction/transaction-topic.ts'
import type { Node } from '../node.ts'

/** A topic that somebody asks for and that is not there. Kafka's own have settings of their own. */
export function createAutomatically(name: string, { controller, configs }: Node): void {
  controller.createTopic(wishFor(name, configs))
}

function wishFor(name: string, configs: Node['configs']): TopicWish {
  if (name === OFFSETS_TOPIC) return offsetsTopicWish(configs, 1)
  if (name === TRANSACTION_TOPIC) return transactionTopicWish(configs, 1)
  return { name, partitions: -1, replicationFactor: -1, assignments: null, configs: new Map() }
}
