import type { TopicPartition } from './groups.ts'
import type { Outcome } from './outcome.ts'

export const transactionStates = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
  'Unknown',
] as const
export type TransactionState = (typeof transactionStates)[number]

export interface Transaction {
  readonly transactionalId: string
  readonly state: TransactionState
  readonly producerId: number | bigint
  readonly producerEpoch: number
  readonly timeoutMs: number
  /** Null where none was ever begun. */
  readonly startTimeMs: number | bigint | null
  readonly lastUpdateMs: number | bigint | null
  /** That it has written to since it began. */
  readonly partitions: readonly TopicPartition[]
}

/** A transaction as a partition sees it: records of a producer without a marker behind them. */
export interface OpenTransaction extends TopicPartition {
  readonly producerId: number | bigint
  readonly producerEpoch: number
  readonly coordinatorEpoch: number | null
  readonly firstOffset: number | bigint
  readonly startTimestampMs: number | bigint | null
  readonly lastTimestampMs: number | bigint | null
  /** Readers of committed records get nothing from here on. */
  readonly lastStable: number | bigint
}

export interface TransactionsView {
  list(): Promise<Outcome<Transaction>[]>
  describe(transactionalIds: readonly string[]): Promise<Outcome<Transaction>[]>
  /** Of these topics, or of all. */
  open(topics: readonly string[] | undefined): Promise<Outcome<OpenTransaction[]>[]>
}
