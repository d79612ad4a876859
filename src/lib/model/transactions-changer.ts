import type { Outcome } from './outcome.ts'
import type { OpenTransaction, TransactionsView } from './transactions.ts'

/** What a marker has to say of a transaction to end it where it is open. */
export type EndedTransaction = Pick<
  OpenTransaction,
  'topic' | 'partition' | 'producerId' | 'producerEpoch' | 'coordinatorEpoch' | 'firstOffset'
>

export interface TransactionsChanger {
  /** The transactions as they are at that moment. */
  readonly view: TransactionsView
  /** Writes a marker into the partition alone: no coordinator is told. In the order of what it was asked for. */
  abort(transactions: readonly EndedTransaction[]): Promise<readonly Outcome<null>[]>
}
