import { toInt64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { Transaction, TransactionState } from '../../model/transactions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { transactionLog } from '../../protocol/records/transaction-state-records.ts'
import { LatestValues } from '../coordinators/latest-values.ts'
import { damagedLog, replayLog } from '../coordinators/replay-log.ts'
import { sorted } from '../groups/assignments.ts'
import type { PartitionFolder } from '../partition-folder.ts'

export interface ReadTransactions {
  /** By transactional id. */
  readonly transactions: ReadonlyMap<string, Transaction>
  /** What could not be read, and why. */
  readonly problems: readonly KtoolError[]
}

/** In the order of their numbers. */
const states: readonly TransactionState[] = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
]

/** The transactional ids that a partition of `__transaction_state` keeps, as they were last written. */
export function readTransactions(disk: ReadableDisk, folder: PartitionFolder): ReadTransactions {
  const latest = new LatestValues()
  const problems = replayLog(disk, folder, latest)
  const undecoded = new Set<string>()
  const transactions = new Map<string, Transaction>()
  for (const [key, { value }] of latest.live) {
    try {
      const transaction = transactionOf(Buffer.from(key, 'latin1'), Buffer.from(value ?? '', 'latin1'))
      transactions.set(transaction.transactionalId, transaction)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      undecoded.add(cause.message)
    }
  }
  const damages = [...undecoded].map((problem) => damagedLog(folder.path, problem))
  return { transactions, problems: [...problems, ...damages] }
}

function transactionOf(key: Buffer, value: Buffer): Transaction {
  const { transactionalId } = transactionLog.key.decodeFramed(key).value
  const said = transactionLog.value.decodeFramed(value).value
  return {
    transactionalId,
    coordinator: null,
    state: states[said.transactionStatus] ?? 'Unknown',
    producerId: toInt64(said.producerId),
    producerEpoch: said.producerEpoch,
    timeoutMs: said.transactionTimeoutMs,
    startTimeMs: timeOf(said.transactionStartTimestampMs),
    lastUpdateMs: timeOf(said.transactionLastUpdateTimestampMs),
    partitions: sorted(
      (said.transactionPartitions ?? []).flatMap(({ topic, partitionIds }) =>
        partitionIds.map((partition) => ({ topic, partition })),
      ),
    ),
  }
}

function timeOf(timestampMs: bigint): number | bigint | null {
  return timestampMs < 0n ? null : toInt64(timestampMs)
}
