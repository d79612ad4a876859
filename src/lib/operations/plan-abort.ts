import { FailedError, type KtoolError } from '../errors.ts'
import { partitionName } from '../model/partitions.ts'
import { newPlan, type Planned, type PlanOrigin, type PlanValue, type Step } from '../model/plan.ts'
import type { TransactionsView } from '../model/transactions.ts'
import type { EndedTransaction } from '../model/transactions-changer.ts'
import { includesPartition, type TopicPartitions } from '../values/partitions.ts'
import type { Offset } from './figures.ts'
import { type OpenTransactionRow, openTransactions } from './open-transactions.ts'

export const ABORT_PLAN = 'txns.abort'

export interface AbortQuestion {
  readonly partitions: readonly TopicPartitions[]
  /** Nothing means all that hang there. */
  readonly startOffset: bigint | undefined
  /** Those too that a coordinator has under way. */
  readonly isForced: boolean
  readonly nowMs: number
  readonly settledMs: number | undefined
}

/** Which transactions would be aborted. One that somebody will end by himself is refused. */
export async function planAbort(
  view: TransactionsView,
  { partitions, startOffset, isForced, nowMs, settledMs }: AbortQuestion,
  origin: PlanOrigin,
): Promise<Planned> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const { rows, failures } = await openTransactions(view, { topics, nowMs, settledMs })
  const wanted = rows.filter(
    ({ topic, partition, firstOffset }) =>
      (startOffset === undefined || BigInt(firstOffset) === startOffset) &&
      partitions.some(
        (each) =>
          each.topic === topic && (each.ranges === undefined || includesPartition(each.ranges, partition)),
      ),
  )
  const isAborted = ({ verdict }: OpenTransactionRow) => isForced || verdict === 'hanging'
  const refused = wanted.filter((row) => !isAborted(row))
  const steps = wanted.filter(isAborted).map(stepOf)
  // Where not all could be looked into, it may be in what was not.
  const isMissing = wanted.length === 0 && failures.length === 0
  const absent = isMissing && startOffset !== undefined ? [nothingThere(partitions, startOffset)] : []
  const plan = newPlan(ABORT_PLAN, origin, steps, { warnings: warnings(wanted.filter(isAborted)) })
  return {
    plan,
    failures: [
      ...failures,
      ...absent,
      ...refused.map((row) => ({ item: itemOf(row), error: underway(row) })),
    ],
  }
}

function stepOf(row: OpenTransactionRow): Step {
  return { item: itemOf(row), action: 'abort', before: asPlan(row), after: null }
}

/** `orders:3 1200`: the partition, and where the transaction begins in it. */
export function itemOf({ firstOffset, ...at }: EndedTransaction): string {
  return `${partitionName(at)} ${firstOffset}`
}

export function asPlan({
  producerId,
  producerEpoch,
  coordinatorEpoch,
  firstOffset,
}: EndedTransaction): PlanValue {
  return {
    producerId: exactly(producerId),
    producerEpoch,
    coordinatorEpoch,
    firstOffset: exactly(firstOffset),
  }
}

function exactly(value: Offset): number | string {
  return typeof value === 'bigint' ? String(value) : value
}

function warnings(rows: readonly OpenTransactionRow[]): string[] {
  return rows.map(({ topic, partition, firstOffset, transactionalId, producerId, reason }) => {
    const whose = transactionalId === null ? `producer ${producerId}` : `"${transactionalId}"`
    return `readers of committed records will never get what ${whose} wrote to ${topic}:${partition} from ${firstOffset} on (${reason})`
  })
}

function underway(row: OpenTransactionRow): KtoolError {
  return new FailedError('not-hanging', `the transaction in ${itemOf(row)} does not hang: ${row.reason}`, {
    hint: 'its producer or its coordinator ends it; with --force it is aborted behind their backs',
    details: { verdict: row.verdict, transactionalId: row.transactionalId },
  })
}

function nothingThere(partitions: readonly TopicPartitions[], startOffset: bigint) {
  const item = partitions.map(({ topic }) => topic).join(' ')
  const error = new FailedError(
    'no-open-transaction',
    `${item} has no transaction open from ${startOffset} on`,
    {
      hint: 'ktool txns hanging shows those that are open, and FIRST OFFSET of each',
    },
  )
  return { item, error }
}
