/** What a decision about a transaction takes from outside. */
export interface TransactionWorld {
  readonly nowMs: number
  /** Of `transaction.version`, finalized in this cluster. */
  readonly serverVersion: number
  newProducerId(): number
}
