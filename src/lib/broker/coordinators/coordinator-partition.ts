import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

/** A record of a coordinator's log; no value deletes the key. */
export interface CoordinatorEntry {
  readonly key: Buffer
  readonly value: Buffer | null
}

/** Whose transaction the records belong to. */
export interface TransactionalProducer {
  readonly producerId: number
  readonly producerEpoch: number
}

/**
 * A partition of an internal topic as its coordinator writes it. `append` has written when it returns, or throws
 * and has written nothing: only then may the coordinator replay the records into its state. The coordinator
 * answers its client after `durable()`.
 */
export interface CoordinatorPartition {
  readonly partition: number
  readonly leaderEpoch: number
  append(entries: readonly CoordinatorEntry[], producer?: TransactionalProducer, baseSequence?: number): void
  /** Resolves once all that was appended is as safe as the broker promises: at once, unless every ack is flushed. */
  durable(): Promise<void>
  /** The producer's transaction has records here already. Throws where a later epoch of the producer has. */
  hasOpenTransaction(producer: TransactionalProducer): boolean
  /** All batches from the log start on. A batch is good until the next is asked for. */
  batches(): Generator<RecordBatch>
  /** Runs when a transaction's marker has been written here. */
  onMarker(run: (marker: TransactionMarker) => void): void
}

export interface TransactionMarker {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly isCommit: boolean
  /** Where it is said and above 1, the transaction's epoch is over with it, and one that is over is refused. */
  readonly transactionVersion?: number
}
