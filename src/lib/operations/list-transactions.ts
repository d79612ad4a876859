import { KtoolError } from '../errors.ts'
import type { Outcome } from '../model/outcome.ts'
import type { OpenTransaction, Transaction, TransactionsView } from '../model/transactions.ts'
import { byTopic } from './describe-groups.ts'

/** A transaction with its partitions as they are typed: `orders:0,2-5`. */
export interface TransactionRow extends Omit<Transaction, 'partitions'> {
  readonly partitions: readonly string[]
}

export interface TransactionDescription extends TransactionRow {
  /** Where its partitions have it open. */
  readonly open: readonly OpenTransaction[]
}

export async function listTransactions(
  view: TransactionsView,
  states: readonly string[] | undefined,
): Promise<Outcome<TransactionRow>[]> {
  const wanted = states?.map((state) => state.toLowerCase())
  const listed = await view.list()
  return listed
    .map(({ item, outcome }) => ({ item, outcome: outcome instanceof KtoolError ? outcome : rowOf(outcome) }))
    .filter(({ outcome }) => {
      if (outcome instanceof KtoolError || wanted === undefined) return true
      return wanted.includes(outcome.state.toLowerCase())
    })
}

export async function describeTransactions(
  view: TransactionsView,
  transactionalIds: readonly string[],
): Promise<Outcome<TransactionDescription>[]> {
  const described = await view.describe(transactionalIds)
  const partitions = described.flatMap(({ outcome }) =>
    outcome instanceof KtoolError ? [] : outcome.partitions,
  )
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const open = topics.length === 0 ? [] : await view.open(topics)
  const found = open.flatMap(({ outcome }) => (outcome instanceof KtoolError ? [] : outcome))
  return described.map(({ item, outcome }) => {
    if (outcome instanceof KtoolError) return { item, outcome }
    const own = found.filter(({ producerId }) => producerId === outcome.producerId)
    return { item, outcome: { ...rowOf(outcome), open: own } }
  })
}

function rowOf({ partitions, ...transaction }: Transaction): TransactionRow {
  return { ...transaction, partitions: byTopic(partitions) }
}
