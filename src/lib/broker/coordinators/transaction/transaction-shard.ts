import { KtoolError } from '../../../errors.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import { openRecords } from '../../../records/open-records.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import { ApiError } from '../../api-error.ts'
import type { CoordinatorEntry, CoordinatorPartition, TransactionMarker } from '../coordinator-partition.ts'
import { appendError } from '../group/append-error.ts'
import type { Transaction } from './transaction.ts'
import {
  transactionalIdOf,
  transactionEntry,
  transactionOf,
  transactionTombstone,
} from './transaction-records.ts'

/** What transactions are written to: the coordinator's own log, and the logs that markers go to. */
export interface TransactionStore extends CoordinatorPartition {
  /** Returns the offset of the marker. */
  appendMarker(marker: TransactionMarker): number
}

/** The transactional ids of one partition of `__transaction_state`. */
export class TransactionShard {
  readonly store: TransactionStore
  readonly #log: LogSink
  readonly #transactions = new Map<string, Transaction>()

  constructor(store: TransactionStore, log: LogSink) {
    this.store = store
    this.#log = log
  }

  /** Markers of a coordinator that was replaced are refused by it. */
  get epoch(): number {
    return this.store.leaderEpoch
  }

  get(transactionalId: string): Transaction | undefined {
    return this.#transactions.get(transactionalId)
  }

  all(): Iterable<Transaction> {
    return this.#transactions.values()
  }

  load(): void {
    for (const batch of this.store.batches()) {
      try {
        if (!batch.isControl) this.#replayBatch(batch)
      } catch (cause) {
        if (!(cause instanceof KtoolError)) throw cause
        this.#warn('a batch of transactions cannot be read', cause)
      }
    }
  }

  /** In the log first; then, and only then, it is so. */
  write(transaction: Transaction, serverVersion: number): void {
    this.#append([transactionEntry(transaction, serverVersion)])
    this.#transactions.set(transaction.transactionalId, transaction)
  }

  forget(transactionalIds: readonly string[]): void {
    this.#append(transactionalIds.map(transactionTombstone))
    for (const transactionalId of transactionalIds) this.#transactions.delete(transactionalId)
  }

  async durable(): Promise<void> {
    try {
      await this.store.durable()
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
  }

  #append(entries: readonly CoordinatorEntry[]): void {
    try {
      this.store.append(entries)
    } catch (cause) {
      if (cause instanceof ApiError && cause.error !== 'KAFKA_STORAGE_ERROR') throw cause
      this.#warn('a transaction cannot be written', cause)
      // The producer asks again; perhaps there is room by then.
      throw new ApiError('COORDINATOR_NOT_AVAILABLE')
    }
  }

  #replayBatch(batch: RecordBatch): void {
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) this.#replay(cursor.key, cursor.value)
  }

  #replay(key: Buffer | null, value: Buffer | null): void {
    const transactionalId = key === null ? null : transactionalIdOf(key)
    if (transactionalId === null) return
    if (value === null) {
      this.#transactions.delete(transactionalId)
      return
    }
    const transaction = transactionOf(transactionalId, value)
    if (transaction !== null) this.#transactions.set(transactionalId, transaction)
  }

  #warn(message: string, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#log.log('warn', message, { partition: this.store.partition, reason })
  }
}
