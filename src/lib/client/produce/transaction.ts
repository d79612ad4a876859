import type { KtoolError } from '../../errors.ts'
import { FailedError } from '../../errors.ts'
import { addPartitionsToTxn } from '../../protocol/apis/add-partitions-to-txn.ts'
import { endTxn } from '../../protocol/apis/end-txn.ts'
import { initProducerId } from '../../protocol/apis/init-producer-id.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import type { Sender } from './pending-batch.ts'
import type { TransactionSettings } from './produce-settings.ts'

/** Later versions are for what brokers ask each other, or leave the first question out (KIP-890). */
const CLIENTS_ADD = { max: 3 }
const ENDS_OF_OLD = { max: 4 }

/** One transaction, from the first record to the last. Whoever had the same id before is fenced off. */
export class Transaction {
  readonly #cluster: Cluster
  readonly #id: string
  readonly sender: Sender & { readonly producerId: bigint }
  readonly #added = new Set<number>()

  private constructor(cluster: Cluster, id: string, sender: Sender & { readonly producerId: bigint }) {
    this.#cluster = cluster
    this.#id = id
    this.sender = sender
  }

  static async begin(cluster: Cluster, { id, timeoutMs }: TransactionSettings): Promise<Transaction> {
    const question = { transactionalId: id, transactionTimeoutMs: timeoutMs }
    const sender = await askTransaction(cluster, id, async (connection) => {
      const { errorCode, producerId, producerEpoch } = await cluster.askOf(
        connection,
        initProducerId,
        question,
      )
      return orRefusal(errorCode, () => ({ producerId, producerEpoch, isTransactional: true }))
    })
    return new Transaction(cluster, id, sender)
  }

  /** The coordinator has to know of a partition before the first record comes there. */
  async add(topic: string, partitions: readonly number[]): Promise<void> {
    const added = partitions.filter((partition) => !this.#added.has(partition))
    if (added.length === 0) return
    await askTransaction(this.#cluster, this.#id, async (connection) => {
      const answer = await this.#cluster.askOf(
        connection,
        addPartitionsToTxn,
        {
          v3AndBelowTransactionalId: this.#id,
          v3AndBelowProducerId: this.sender.producerId,
          v3AndBelowProducerEpoch: this.sender.producerEpoch,
          v3AndBelowTopics: [{ name: topic, partitions: added }],
        },
        CLIENTS_ADD,
      )
      const codes = answer.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
        resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
      )
      return orRefusal(codes.find((code) => code !== 0) ?? 0, () => true)
    })
    for (const partition of added) this.#added.add(partition)
  }

  /** All of it counts from now on, or nothing of it. */
  async end(isCommitted: boolean): Promise<void> {
    // Kafka has nothing to end where nothing was begun.
    if (this.#added.size === 0) return
    await askTransaction(this.#cluster, this.#id, async (connection) => {
      const { producerId, producerEpoch } = this.sender
      const question = {
        transactionalId: this.#id,
        producerId,
        producerEpoch,
        committed: isCommitted,
      }
      const { errorCode } = await this.#cluster.askOf(connection, endTxn, question, ENDS_OF_OLD)
      return orRefusal(errorCode, () => true)
    })
  }
}

async function askTransaction<Answer extends object | boolean>(
  cluster: Cluster,
  id: string,
  ask: (connection: Connection) => Promise<Answer | Refusal>,
): Promise<Answer> {
  cluster.deadline.renew()
  const answers = await askCoordinators(cluster, coordinated.transaction, [id], async (connection) => {
    return new Map([[id, await ask(connection)]])
  })
  const answer: Answer | KtoolError | undefined = answers.get(id)
  if (answer === undefined) throw new FailedError('not-answered', `no broker coordinates "${id}"`)
  if (answer instanceof Error) throw answer
  return answer
}
