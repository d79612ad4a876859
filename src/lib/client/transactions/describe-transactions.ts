import { toInt64 } from '../../bytes/int64.ts'
import { byPartition } from '../../model/partitions.ts'
import { type Transaction, type TransactionState, transactionStates } from '../../model/transactions.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { describeTransactions } from '../../protocol/apis/describe-transactions.ts'
import { inChunks } from '../../values/in-chunks.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'

const IDS_AT_ONCE = 500

type Told = AnswerOf<typeof describeTransactions>['transactionStates'][number]

/** Transactions of one coordinator. */
export async function describeOwnTransactions(
  cluster: Cluster,
  connection: Connection,
  transactionalIds: readonly string[],
  coordinator: number,
): Promise<Map<string, Transaction | Refusal>> {
  const parts = inChunks(transactionalIds, IDS_AT_ONCE).map((part) =>
    cluster.askOf(connection, describeTransactions, { transactionalIds: part }),
  )
  const told = (await Promise.all(parts)).flatMap((answer) => answer.transactionStates)
  return new Map(
    told.map((each) => [
      each.transactionalId,
      orRefusal(each.errorCode, () => transactionOf(each, coordinator)),
    ]),
  )
}

function transactionOf(told: Told, coordinator: number): Transaction {
  const { transactionalId, transactionStartTimeMs } = told
  return {
    transactionalId,
    coordinator,
    state: transactionStateOf(told.transactionState),
    producerId: toInt64(told.producerId),
    producerEpoch: told.producerEpoch,
    timeoutMs: told.transactionTimeoutMs,
    startTimeMs: transactionStartTimeMs < 0n ? null : toInt64(transactionStartTimeMs),
    lastUpdateMs: null,
    partitions: told.topics
      .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
      .sort(byPartition),
  }
}

function transactionStateOf(text: string): TransactionState {
  return transactionStates.find((state) => state === text) ?? 'Unknown'
}
