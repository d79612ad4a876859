import { CheckFailed, KtoolError } from '../errors.ts'
import { foundIn, type ItemFailure, type Outcome } from '../model/outcome.ts'
import type {
  OpenTransaction,
  Transaction,
  TransactionState,
  TransactionsView,
} from '../model/transactions.ts'
import { formatDuration } from '../values/durations.ts'
import { difference } from './figures.ts'

/** A transaction that a partition has open, and what its coordinator knows of it. */
export interface OpenTransactionRow extends OpenTransaction {
  readonly transactionalId: string | null
  readonly state: TransactionState | null
  /** Readers of committed records wait for this one, and for no earlier one. */
  readonly holdsLastStable: boolean
  /** `unknown` where its coordinator's log is out of reach. */
  readonly verdict: 'open' | 'ending' | 'hanging' | 'unknown'
  readonly reason: string
  /** What ends it on a live cluster. */
  readonly fix: string | null
}

export interface OpenTransactions {
  readonly rows: readonly OpenTransactionRow[]
  readonly failures: readonly ItemFailure[]
  readonly trouble: CheckFailed | undefined
  /** Partitions that were looked into. */
  readonly seenCount: number
}

const endings: ReadonlyMap<TransactionState, string> = new Map([
  ['PrepareCommit', 'COMMIT'],
  ['PrepareAbort', 'ABORT'],
  ['PrepareEpochFence', 'ABORT'],
])

export interface OpenTransactionsQuestion {
  /** Nothing asks for all of them. */
  readonly topics: readonly string[] | undefined
  readonly nowMs: number
  /** For so long after its last write a transaction may be unknown to its coordinator; nothing leaves it to the place. */
  readonly settledMs: number | undefined
}

export async function openTransactions(
  view: TransactionsView,
  { topics, nowMs, settledMs = view.settledMs }: OpenTransactionsQuestion,
): Promise<OpenTransactions> {
  const open = await view.open(topics)
  const found = foundIn(open).flat()
  const known = await ofProducers(view, found)
  const transactions = foundIn(known)
  const isComplete = known.every(({ outcome }) => !(outcome instanceof KtoolError))
  const byProducer = new Map(transactions.map((each) => [each.producerId, each]))
  const rows = found.map((each) =>
    judged(each, { transaction: byProducer.get(each.producerId), isComplete, nowMs, settledMs }),
  )
  const failures = [...open, ...known].flatMap(({ item, outcome }) =>
    outcome instanceof KtoolError ? [{ item, error: outcome }] : [],
  )
  const seenCount = open.filter(({ outcome }) => !(outcome instanceof KtoolError)).length
  return { rows, failures, seenCount, trouble: hangingTrouble(rows) }
}

/** What is known of those who have transactions open; where nobody has, nobody is asked. */
export async function ofProducers(
  view: TransactionsView,
  open: readonly OpenTransaction[],
): Promise<Outcome<Transaction>[]> {
  const producerIds = [...new Set(open.map(({ producerId }) => producerId))]
  return producerIds.length === 0 ? [] : view.list({ producerIds })
}

interface Known {
  readonly transaction: Transaction | undefined
  readonly isComplete: boolean
  readonly nowMs: number
  readonly settledMs: number
}

function judged(open: OpenTransaction, known: Known): OpenTransactionRow {
  const { transaction } = known
  const { verdict, reason } = verdictOf(open, known)
  return {
    ...open,
    transactionalId: transaction?.transactionalId ?? null,
    state: transaction?.state ?? null,
    holdsLastStable: open.firstOffset === open.lastStable,
    verdict,
    reason,
    fix: verdict === 'hanging' ? fixOf(open) : null,
  }
}

type Judgement = Pick<OpenTransactionRow, 'verdict' | 'reason'>

/** A coordinator writes a partition down before a producer may write to it, and until its marker is there. */
function verdictOf(open: OpenTransaction, known: Known): Judgement {
  const { transaction, isComplete, nowMs } = known
  if (transaction === undefined) {
    if (isComplete) return orphaned(open, 'no transactional id has its producer id', known)
    return { verdict: 'unknown', reason: 'not all of __transaction_state can be read to tell whose it is' }
  }
  const { state, partitions, timeoutMs, startTimeMs, transactionalId } = transaction
  const hasPartition = partitions.some(
    ({ topic, partition }) => topic === open.topic && partition === open.partition,
  )
  const ending = endings.get(state)
  if (ending !== undefined && hasPartition) {
    return {
      verdict: 'ending',
      reason: `its coordinator has decided to ${ending}; the marker is not here yet`,
    }
  }
  if (state !== 'Ongoing') {
    return orphaned(
      open,
      `its coordinator has "${transactionalId}" as ${state}, with nothing to end here`,
      known,
    )
  }
  if (!hasPartition) {
    return orphaned(open, `the transaction of "${transactionalId}" does not know of this partition`, known)
  }
  const isLate = startTimeMs !== null && difference(nowMs, startTimeMs) > timeoutMs
  return {
    verdict: 'open',
    reason: isLate ? 'its timeout has passed: its coordinator aborts it once it runs' : 'under way',
  }
}

function orphaned(
  { lastTimestampMs }: OpenTransaction,
  reason: string,
  { nowMs, settledMs }: Known,
): Judgement {
  if (lastTimestampMs !== null && difference(nowMs, lastTimestampMs) < settledMs) {
    const since = formatDuration(settledMs)
    return { verdict: 'open', reason: `${reason}; it was written to less than ${since} ago` }
  }
  return { verdict: 'hanging', reason: `${reason}: nobody will end it` }
}

function fixOf({ topic, partition, firstOffset }: OpenTransaction): string {
  return `ktool txns abort ${topic}:${partition} --start-offset ${firstOffset}`
}

function hangingTrouble(rows: readonly OpenTransactionRow[]): CheckFailed | undefined {
  const hanging = rows.filter(({ verdict }) => verdict === 'hanging')
  if (hanging.length === 0) return undefined
  const [first] = hanging
  const message = `${hanging.length} of ${rows.length} open transactions hang: no coordinator will end them`
  return new CheckFailed('hanging-transactions', message, {
    hint: first?.fix === null ? undefined : `on a live cluster: ${first?.fix}`,
    details: { hanging: hanging.length, open: rows.length },
  })
}
