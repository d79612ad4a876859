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
  /** The broker that keeps it; null from a disk. */
  readonly coordinator: number | null
  readonly state: TransactionState
  readonly producerId: number | bigint
  readonly producerEpoch: number
  readonly timeoutMs: number
  /** Null where none was ever begun. */
  readonly startTimeMs: number | bigint | null
  /** Null from a broker, which keeps it to itself. */
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

/** Who writes to a partition with a producer id: idempotent or in transactions. */
export interface PartitionProducer extends TopicPartition {
  readonly producerId: number | bigint
  readonly producerEpoch: number
  /** Null as long as it has only ended transactions. */
  readonly lastSequence: number | null
  readonly lastTimestampMs: number | bigint | null
  /** Of the last transaction that was ended; null where none was. */
  readonly coordinatorEpoch: number | null
  /** Of the transaction that it has open here. */
  readonly firstOffset: number | bigint | null
}

/** Which transactional ids are wanted: those that are all of it. What is left out leaves nobody out. */
export interface TransactionFilter {
  readonly states?: readonly string[] | undefined
  readonly producerIds?: readonly (number | bigint)[] | undefined
  /** That began at least so long ago. */
  readonly olderThanMs?: number | undefined
}

export interface TransactionsView {
  /** Those that the filter lets through; a place that cannot filter by it may give others too. */
  list(filter?: TransactionFilter): Promise<Outcome<Transaction>[]>
  describe(transactionalIds: readonly string[]): Promise<Outcome<Transaction>[]>
  /** Of these topics, or of all. */
  open(topics: readonly string[] | undefined): Promise<Outcome<OpenTransaction[]>[]>
  /** One outcome a partition, by their order. */
  openIn(partitions: readonly TopicPartition[]): Promise<Outcome<OpenTransaction[]>[]>
  /** One outcome a partition, by their order. */
  producers(partitions: readonly TopicPartition[]): Promise<Outcome<PartitionProducer[]>[]>
  /** For so long after its last write a transaction may still be on its way to its coordinator, or from it. */
  readonly settledMs: number
}
