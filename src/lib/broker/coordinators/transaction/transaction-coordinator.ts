/** Transactional ids and producer ids; which partition of `__transaction_state` an id lives in. */
export interface TransactionCoordinator {
  partitionFor(transactionalId: string): number
  /**
   * Before Produce writes a transaction's first records to partitions. Up to version 11 the client has added them,
   * and they are looked up; from version 12 on (KIP-890) they are added here. Throws the ApiError that Kafka's
   * coordinator answers to AddPartitionsToTxn with or without verifyOnly: TRANSACTION_ABORTABLE,
   * INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_ID_MAPPING, CONCURRENT_TRANSACTIONS … A promise only where the added
   * partitions are not yet as safe as the broker promises: records must not go before them.
   */
  enterPartitions(entry: TransactionEntry): Promise<void> | undefined
}

export interface TransactionEntry {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
  readonly mayAdd: boolean
}
