import { TRANSACTION_TOPIC, transactionTopicWish } from '../coordinators/transaction/transaction-topic.ts'
import type { Node } from '../node.ts'

/** A topic that somebody asks for and that is not there. Kafka's own have settings of their own. */
export function createAutomatically(name: string, { controller, configs }: Node): void {
  controller.createTopic(
    name === TRANSACTION_TOPIC
      ? transactionTopicWish(configs, 1)
      : { name, partitions: -1, replicationFactor: -1, assignments: null, configs: new Map() },
  )
}
