import { KtoolError } from '../errors.ts'
import { foundIn, type Outcome } from '../model/outcome.ts'
import type { OpenTransaction, Transaction, TransactionsView } from '../model/transactions.ts'
import { LinearPattern } from '../values/linear-pattern.ts'
import { byTopic } from './describe-groups.ts'
import { difference } from './figures.ts'

/** A transaction with its partitions as they are typed: `orders:0,2-5`. */
export interface TransactionRow extends Omit<Transaction, 'partitions'> {
  readonly partitions: readonly string[]
}

export interface TransactionDescription extends TransactionRow {
  /** Where its partitions have it open. */
  readonly open: readonly OpenTransaction[]
}

export interface TransactionsQuestion {
  /** These alone, each of which is to be there. */
  readonly ids?: readonly string[] | undefined
  /** Only those that one of these patterns matches as a whole. */
  readonly patterns?: readonly string[] | undefined
  /** Nothing lets all of them through. */
  readonly states: readonly string[] | undefined
  readonly producerIds: readonly number[] | undefined
  /** That began so long ago, or longer. */
  readonly olderThanMs: number | undefined
  readonly nowMs: number
}

/** The place filters as well as it can, so that less has to be told. */
export async function listTransactions(
  view: TransactionsView,
  { ids, patterns, states, producerIds, olderThanMs, nowMs }: TransactionsQuestion,
): Promise<Outcome<TransactionRow>[]> {
  const listed = await (ids === undefined
    ? view.list({ states, producerIds, olderThanMs })
    : view.describe([...new Set(ids)]))
  const compiled = patterns?.map((source) => new LinearPattern(source))
  const isWanted = ({ transactionalId, state, producerId, startTimeMs }: Transaction) =>
    (compiled === undefined || compiled.some((pattern) => pattern.matches(transactionalId))) &&
    (states === undefined || states.includes(state)) &&
    (producerIds === undefined || producerIds.some((each) => each === producerId)) &&
    (olderThanMs === undefined || (startTimeMs !== null && difference(nowMs, startTimeMs) >= olderThanMs))
  return listed.flatMap(({ item, outcome }): Outcome<TransactionRow>[] => {
    if (outcome instanceof KtoolError) return [{ item, outcome }]
    return isWanted(outcome) ? [{ item, outcome: rowOf(outcome) }] : []
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
  const unique = new Map(partitions.map((at) => [`${at.topic} ${at.partition}`, at]))
  const open = unique.size === 0 ? [] : await view.openIn([...unique.values()])
  const found = foundIn(open).flat()
  return described.map(({ item, outcome }) => {
    if (outcome instanceof KtoolError) return { item, outcome }
    const own = found.filter(({ producerId }) => producerId === outcome.producerId)
    return { item, outcome: { ...rowOf(outcome), open: own } }
  })
}

function rowOf({ partitions, ...transaction }: Transaction): TransactionRow {
  return { ...transaction, partitions: byTopic(partitions) }
}
