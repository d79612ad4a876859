/** Transactional ids and producer ids; which partition of `__transaction_state` an id lives in. */
export interface TransactionCoordinator {
  partitionFor(transactionalId: string): number
}
