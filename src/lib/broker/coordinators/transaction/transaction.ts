import { BugError } from '../../../errors.ts'
import type { TransactionState as NamedState } from '../../../model/transactions.ts'

export type TransactionState = Exclude<NamedState, 'Unknown'>

export const NO_PRODUCER_ID = -1
export const NO_PRODUCER_EPOCH = -1
/** The last epoch that a producer is given: one more is kept for fencing it. */
export const LAST_USABLE_EPOCH = 32_766

export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** Numbers of partitions by topic. */
export type TransactionPartitions = ReadonlyMap<string, ReadonlySet<number>>

/** A transactional id, and where its transaction stands: what one record of `__transaction_state` says. */
export interface Transaction extends ProducerIdentity {
  readonly transactionalId: string
  /** Before the last transition; another one only right after the epochs of the old one were used up. */
  readonly previousProducerId: number
  /** What the producer goes on with once its markers are written, where its epochs are used up. */
  readonly nextProducerId: number
  /** What the epoch was before it was raised on the producer's own behalf. No record keeps it, in Kafka neither. */
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  readonly state: TransactionState
  /** In the order in which they were added. */
  readonly partitions: TransactionPartitions
  readonly startMs: number
  readonly updateMs: number
  /** `transaction.version` that the client goes by: 2 raises the epoch with each transaction (KIP-890). */
  readonly clientVersion: number
}

export const noPartitions: TransactionPartitions = new Map()

const FIRST_THAT_RAISES_EPOCH = 2

/** Whether transactions of this version end with a new epoch. */
export function raisesEpoch(version: number): boolean {
  return version >= FIRST_THAT_RAISES_EPOCH
}

const legalFrom: Readonly<Record<TransactionState, readonly TransactionState[]>> = {
  Empty: ['Empty', 'CompleteCommit', 'CompleteAbort'],
  Ongoing: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
  Dead: [],
  PrepareEpochFence: [],
}

type Change = Partial<Omit<Transaction, 'transactionalId' | 'previousProducerId'>> & {
  readonly state: TransactionState
}

/** The transaction after a change. What the change does not name stays. */
export function moved(from: Transaction, change: Change): Transaction {
  if (!legalFrom[change.state].includes(from.state)) {
    throw new BugError(
      'illegal-transition',
      `a transaction does not go from ${from.state} to ${change.state}`,
    )
  }
  return { ...from, previousProducerId: from.producerId, ...change }
}

export function isEnding({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort'
}

/** Nothing is open: the next transaction may begin, or the id may be forgotten. */
export function isAtRest({ state }: Transaction): boolean {
  return state === 'Empty' || state === 'CompleteCommit' || state === 'CompleteAbort'
}

export function isExhausted(epoch: number): boolean {
  return epoch >= LAST_USABLE_EPOCH
}

export function includesAll(has: TransactionPartitions, wanted: TransactionPartitions): boolean {
  for (const [topic, partitions] of wanted) {
    const known = has.get(topic)
    for (const partition of partitions) if (known?.has(partition) !== true) return false
  }
  return true
}

export function union(one: TransactionPartitions, other: TransactionPartitions): TransactionPartitions {
  const all = new Map(one)
  for (const [topic, partitions] of other) {
    all.set(topic, new Set([...(one.get(topic) ?? []), ...partitions]))
  }
  return all
}

export function* eachPartition(partitions: TransactionPartitions): Generator<[string, number]> {
  for (const [topic, numbers] of partitions) for (const partition of numbers) yield [topic, partition]
}
