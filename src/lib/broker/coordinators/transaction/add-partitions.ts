import type { ErrorName } from '../../../protocol/error-codes.ts'
import { ApiError } from '../../api-error.ts'
import {
  includesAll,
  isAtRest,
  isEnding,
  moved,
  type ProducerIdentity,
  type Transaction,
  type TransactionPartitions,
  union,
} from './transaction.ts'
import type { TransactionWorld } from './transaction-world.ts'

/** The transaction with these partitions in it; null where they are there already. */
export function withPartitions(
  known: Transaction | undefined,
  producer: ProducerIdentity,
  added: TransactionPartitions,
  clientVersion: number,
  world: Pick<TransactionWorld, 'nowMs'>,
): Transaction | null {
  if (known !== undefined && isEnding(known)) throw new ApiError('CONCURRENT_TRANSACTIONS')
  const transaction = mustBeOf(known, producer)
  if (transaction.state === 'Ongoing' && includesAll(transaction.partitions, added)) return null
  return moved(transaction, {
    state: 'Ongoing',
    partitions: union(transaction.partitions, added),
    startMs: isAtRest(transaction) ? world.nowMs : transaction.startMs,
    updateMs: world.nowMs,
    clientVersion,
  })
}

/** Null: the partition is in the producer's open transaction, and may be written to. */
export function refusalOf(
  known: Transaction | undefined,
  producer: ProducerIdentity,
  topic: string,
  partition: number,
): ErrorName | null {
  const transaction = mustBeOf(known, producer)
  if (isEnding(transaction)) throw new ApiError('CONCURRENT_TRANSACTIONS')
  return transaction.partitions.get(topic)?.has(partition) === true ? null : 'TRANSACTION_ABORTABLE'
}

function mustBeOf(known: Transaction | undefined, producer: ProducerIdentity): Transaction {
  if (known === undefined || known.producerId !== producer.producerId) {
    throw new ApiError('INVALID_PRODUCER_ID_MAPPING')
  }
  if (known.producerEpoch !== producer.producerEpoch) throw new ApiError('PRODUCER_FENCED')
  return known
}
