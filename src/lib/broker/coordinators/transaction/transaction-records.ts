import { transactionStates } from '../../../model/transactions.ts'
import { transactionLog } from '../../../protocol/records/transaction-state-records.ts'
import type { CoordinatorEntry } from '../coordinator-partition.ts'
import {
  NO_PRODUCER_EPOCH,
  noPartitions,
  type Transaction,
  type TransactionPartitions,
  type TransactionState,
} from './transaction.ts'

/** Of the key's type; others were written by a later Kafka. */
const TRANSACTION_LOG = 0
/** Of `transaction.version`, from which on values have tags. */
const FIRST_WITH_TAGS = 1

export function transactionEntry(transaction: Transaction, serverVersion: number): CoordinatorEntry {
  const isTagged = serverVersion >= FIRST_WITH_TAGS
  const value = {
    producerId: BigInt(transaction.producerId),
    producerEpoch: transaction.producerEpoch,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: transactionStates.indexOf(transaction.state),
    transactionPartitions: transaction.state === 'Empty' ? null : listed(transaction.partitions),
    transactionLastUpdateTimestampMs: BigInt(transaction.updateMs),
    transactionStartTimestampMs: BigInt(transaction.startMs),
    ...(isTagged && {
      previousProducerId: BigInt(transaction.previousProducerId),
      nextProducerId: BigInt(transaction.nextProducerId),
      clientTransactionVersion: transaction.clientVersion,
    }),
  }
  return {
    key: keyOf(transaction.transactionalId),
    value: transactionLog.value.encodeFramed(value, isTagged ? 1 : 0),
  }
}

export function transactionTombstone(transactionalId: string): CoordinatorEntry {
  return { key: keyOf(transactionalId), value: null }
}

function keyOf(transactionalId: string): Buffer {
  return transactionLog.key.encodeFramed({ transactionalId }, 0)
}

/** Null for a key of a kind that only a later Kafka knows. */
export function transactionalIdOf(key: Buffer): string | null {
  if (key.length < 2 || key.readInt16BE(0) !== TRANSACTION_LOG) return null
  return transactionLog.key.decodeFramed(key).value.transactionalId
}

/** Null for a value that only a later Kafka knows how to read. */
export function transactionOf(transactionalId: string, bytes: Buffer): Transaction | null {
  if (bytes.length < 2 || !transactionLog.value.message.hasVersion(bytes.readInt16BE(0))) return null
  const { value } = transactionLog.value.decodeFramed(bytes)
  const state = transactionStates[value.transactionStatus]
  if (state === undefined || state === 'Unknown') return null
  return {
    transactionalId,
    producerId: Number(value.producerId),
    previousProducerId: Number(value.previousProducerId),
    nextProducerId: Number(value.nextProducerId),
    producerEpoch: value.producerEpoch,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: value.transactionTimeoutMs,
    state,
    partitions: partitionsOf(state, value.transactionPartitions),
    startMs: Number(value.transactionStartTimestampMs),
    updateMs: Number(value.transactionLastUpdateTimestampMs),
    clientVersion: value.clientTransactionVersion,
  }
}

interface ListedPartitions {
  readonly topic: string
  readonly partitionIds: number[]
}

function listed(partitions: TransactionPartitions): ListedPartitions[] {
  return [...partitions].map(([topic, numbers]) => ({ topic, partitionIds: [...numbers] }))
}

function partitionsOf(
  state: TransactionState,
  partitions: readonly ListedPartitions[] | null,
): TransactionPartitions {
  if (state === 'Empty' || partitions === null) return noPartitions
  return new Map(partitions.map(({ topic, partitionIds }) => [topic, new Set(partitionIds)]))
}
