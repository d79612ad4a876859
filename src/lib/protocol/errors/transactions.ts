import type { ErrorRow } from './error-row.ts'

/** Errors of transactions and idempotence. */
export const transactionsErrors: readonly ErrorRow[] = [
  {
    code: 47,
    name: 'INVALID_PRODUCER_EPOCH',
    exception: 'InvalidProducerEpochException',
    nature: 'beginAgain',
    about: 'A newer producer with the same id has taken over, so this one is too old to write.',
    hint: 'Make a new producer. If it keeps happening, two processes share one transactional.id, or transactions take longer than transaction.timeout.ms.',
  },
  {
    code: 48,
    name: 'INVALID_TXN_STATE',
    exception: 'InvalidTxnStateException',
    nature: 'final',
    about:
      'The transaction is in a state that does not allow this, for instance ending one that never began.',
    hint: 'Abort and begin again. If it stays, the client breaks the order of calls.',
  },
  {
    code: 49,
    name: 'INVALID_PRODUCER_ID_MAPPING',
    exception: 'InvalidPidMappingException',
    nature: 'beginAgain',
    about:
      'The producer id does not belong to this transactional id, for instance because the id had expired.',
    hint: 'Begin the producer again, so that it asks for its id anew.',
  },
  {
    code: 50,
    name: 'INVALID_TRANSACTION_TIMEOUT',
    exception: 'InvalidTxnTimeoutException',
    nature: 'final',
    about: 'transaction.timeout.ms is greater than the broker allows.',
    hint: 'Lower it, or raise transaction.max.timeout.ms of the brokers.',
  },
  {
    code: 51,
    name: 'CONCURRENT_TRANSACTIONS',
    exception: 'ConcurrentTransactionsException',
    nature: 'retry',
    about: 'The transaction before is still being finished, or another change of the same one is under way.',
    hint: 'Nothing to do: clients try again.',
  },
  {
    code: 52,
    name: 'TRANSACTION_COORDINATOR_FENCED',
    exception: 'TransactionCoordinatorFencedException',
    nature: 'final',
    about:
      'A newer coordinator of these transactions has written to the partition, so this one is out of date.',
    hint: 'For brokers only: the old coordinator gives up.',
  },
  {
    code: 90,
    name: 'PRODUCER_FENCED',
    exception: 'ProducerFencedException',
    nature: 'beginAgain',
    about: 'Another producer has begun with the same transactional.id, and this one is shut out.',
    hint: 'Close this producer. Give every instance a transactional.id of its own.',
  },
  {
    code: 105,
    name: 'TRANSACTIONAL_ID_NOT_FOUND',
    exception: 'TransactionalIdNotFoundException',
    nature: 'final',
    about: 'The coordinator has no transactional id of that name.',
    hint: 'Check the name; ids that are not used disappear after transactional.id.expiration.ms.',
  },
  {
    code: 120,
    name: 'TRANSACTION_ABORTABLE',
    exception: 'TransactionAbortableException',
    nature: 'abort',
    about: 'The transaction cannot go on, but can be aborted without harm.',
    hint: 'Abort it and begin a new one.',
  },
]
