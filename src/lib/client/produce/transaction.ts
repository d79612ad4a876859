import type { KtoolError } from '../../errors.ts'
import { FailedError } from '../../errors.ts'
import { addPartitionsToTxn } from '../../protocol/apis/add-partitions-to-txn.ts'
import { endTxn } from '../../protocol/apis/end-txn.ts'
import { initProducerId } from '../../protocol/apis/init-producer-id.ts'
import type { Cluster } from '../cluster.ts'
import { askVersions } from '../cluster-state/ask-versions.ts'
import type { Connection } from '../connection/connection.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'
import type { Sender } from './pending-batch.ts'
import type { TransactionSettings } from './produce-settings.ts'

type TransactionSender = Sender & { readonly producerId: bigint }

/** Later versions are for what brokers ask each other. */
const CLIENTS_ADD = { max: 3 }
/** From this level of transaction.version on, whoever writes to a partition adds it (KIP-890). */
const WRITING_ADDS = 2
const ENDS = { ofOld: { max: 4 }, whereWritingAdds: { min: 5 } }

/** One transaction, from the first record to the last. Whoever had the same id before is fenced off. */
export class Transaction {
  readonly #cluster: Cluster
  readonly #id: string
  readonly sender: TransactionSender
  /** A broker adds the partitions that are written to: nobody has to be told of them before. */
  readonly writingAdds: boolean
  readonly #added = new Set<number>()

  private constructor(cluster: Cluster, id: string, sender: TransactionSender, writingAdds: boolean) {
    this.#cluster = cluster
    this.#id = id
    this.sender = sender
    this.writingAdds = writingAdds
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
    return new Transaction(cluster, id, sender, (await levelOf(cluster)) >= WRITING_ADDS)
  }

  /** The coordinator has to know of a partition before the first record comes there. */
  async add(topic: string, partitions: readonly number[]): Promise<void> {
    const added = partitions.filter((partition) => !this.#added.has(partition))
    if (added.length === 0) return
    if (!this.writingAdds) await this.#tell(topic, added)
    for (const partition of added) this.#added.add(partition)
  }

  async #tell(topic: string, added: readonly number[]): Promise<void> {
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
      const limits = this.writingAdds ? ENDS.whereWritingAdds : ENDS.ofOld
      const { errorCode } = await this.#cluster.askOf(connection, endTxn, question, limits)
      return orRefusal(errorCode, () => true)
    })
  }
}

/** Of the feature transaction.version, once all brokers have it. */
async function levelOf(cluster: Cluster): Promise<number> {
  const { finalizedFeatures } = await askVersions(cluster, await cluster.any())
  return finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel ?? 0
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
