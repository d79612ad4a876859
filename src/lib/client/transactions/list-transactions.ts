import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Transaction, TransactionFilter } from '../../model/transactions.ts'
import { listTransactions } from '../../protocol/apis/list-transactions.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { coordinated } from '../routing/coordinated.ts'
import { everyBroker } from '../routing/every-broker.ts'
import { Refusal } from '../routing/refusal.ts'
import { unledCoordinators } from '../routing/without-coordinator.ts'
import { describeOwnTransactions } from './describe-transactions.ts'

/** KIP-994. */
const DURATION_SINCE = 1
const PAUSE_MS = 100
const TRIES = 5

/** Each broker tells the transactional ids that it coordinates; one that does not is a failure among them. */
export async function allTransactions(
  cluster: Cluster,
  filter: TransactionFilter,
): Promise<Outcome<Transaction>[]> {
  const [brokers, unled] = await Promise.all([
    everyBroker(cluster, (connection, { id }) => transactionsOf(cluster, connection, filter, id)),
    unledCoordinators(cluster, coordinated.transaction, 'the transactional ids'),
  ])
  return [...brokers, ...unled]
    .flatMap(({ item, outcome }): Outcome<Transaction>[] =>
      outcome instanceof KtoolError ? [{ item, outcome }] : outcome,
    )
    .sort((a, b) => rank(a) - rank(b) || (a.item < b.item ? -1 : 1))
}

function rank({ outcome }: Outcome<Transaction>): number {
  return outcome instanceof KtoolError ? 1 : 0
}

/** A list tells little of them: whoever coordinates an id is asked for the rest at once. */
async function transactionsOf(
  cluster: Cluster,
  connection: Connection,
  filter: TransactionFilter,
  coordinator: number,
): Promise<Outcome<Transaction>[]> {
  const ids = await idsOf(cluster, connection, filter)
  const described = await describeOwnTransactions(cluster, connection, ids, coordinator)
  return ids.flatMap((item): Outcome<Transaction>[] => {
    const found = described.get(item)
    // It has expired in between.
    if (found === undefined) return []
    return [{ item, outcome: found instanceof Refusal ? found.asError() : found }]
  })
}

async function idsOf(cluster: Cluster, connection: Connection, filter: TransactionFilter): Promise<string[]> {
  const { states = [], producerIds = [], olderThanMs } = filter
  const isOld = !connection.versions.has(listTransactions, { min: DURATION_SINCE })
  const question = {
    stateFilters: [...states],
    producerIdFilters: producerIds.map(BigInt),
    ...(olderThanMs === undefined || isOld ? {} : { durationFilter: BigInt(olderThanMs) }),
  }
  // A coordinator that has just begun is asked again.
  for (let tries = 1; ; tries += 1) {
    const answer = await cluster.askOf(connection, listTransactions, question)
    if (answer.errorCode === 0) return answer.transactionStates.map(({ transactionalId }) => transactionalId)
    const refusal = new Refusal(answer.errorCode)
    const isLast = !refusal.isWorthAnotherTry || tries === TRIES
    if (isLast || !(await cluster.deadline.pause(PAUSE_MS * tries))) throw refusal.asError()
  }
}
