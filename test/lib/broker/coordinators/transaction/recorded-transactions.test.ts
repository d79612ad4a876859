import { describe, expect, it } from 'vitest'
import { withPartitions } from '../../../../../src/lib/broker/coordinators/transaction/add-partitions.ts'
import {
  completed,
  ended,
  fenced,
} from '../../../../../src/lib/broker/coordinators/transaction/end-transaction.ts'
import { initialise } from '../../../../../src/lib/broker/coordinators/transaction/initialise.ts'
import type { Transaction } from '../../../../../src/lib/broker/coordinators/transaction/transaction.ts'
import {
  transactionalIdOf,
  transactionEntry,
  transactionOf,
} from '../../../../../src/lib/broker/coordinators/transaction/transaction-records.ts'
import { goldenLines } from '../../../../golden/vectors.ts'

/** What coordinators of real Kafka wrote, and the `transaction.version` of their clusters. */
const logs = [
  { path: 'kraft-431/data0/__transaction_state-1/00000000000000000000.log.ndjson.gz', serverVersion: 2 },
  { path: 'kraft-431/data1/__transaction_state-0/00000000000000000000.log.ndjson', serverVersion: 2 },
  { path: 'zk-231/data/__transaction_state-0/00000000000000000000.log.ndjson.gz', serverVersion: 0 },
  { path: 'zk-231/data/__transaction_state-1/00000000000000000000.log.ndjson.gz', serverVersion: 0 },
]

interface RecordedLine {
  readonly kind: string
  readonly keyBase64: string
  readonly valueBase64: string
}

interface Recorded {
  readonly key: Buffer
  readonly value: Buffer
  readonly transaction: Transaction
}

function recordsOf(path: string): Recorded[] {
  return goldenLines<RecordedLine>(`disk/expected/logdirs/${path}`)
    .filter(({ kind }) => kind === 'record')
    .map(({ keyBase64, valueBase64 }) => {
      const key = Buffer.from(keyBase64, 'base64')
      const value = Buffer.from(valueBase64, 'base64')
      const transaction = transactionOf(transactionalIdOf(key) ?? '', value)
      if (transaction === null) throw new Error('unreadable')
      return { key, value, transaction }
    })
}

/** Each thing that may happen to a transaction, with the times and partitions that the record speaks of. */
function candidates(from: Transaction | undefined, to: Transaction, serverVersion: number): Transaction[] {
  const { transactionalId, timeoutMs, clientVersion, partitions } = to
  const world = { nowMs: to.updateMs, serverVersion, newProducerId: () => to.producerId }
  const steps = [
    () => initialise(from, { transactionalId, timeoutMs, expected: null }, world).next,
    () => from && withPartitions(from, from, partitions, clientVersion, world),
    () => from && ended(from, { ...from, isCommit: true, clientVersion }, world),
    () => from && ended(from, { ...from, isCommit: false, clientVersion }, world),
    () => from && fenced(from, world),
    () => from && completed(from, to.updateMs),
  ]
  return steps.flatMap((step) => {
    try {
      return step() ?? []
    } catch {
      return []
    }
  })
}

/** Kafka keeps partitions in the order of a hash table. */
function sortedPartitions(transaction: Transaction): Transaction {
  const sorted = [...transaction.partitions].map(
    ([topic, numbers]) => [topic, new Set([...numbers].sort((a, b) => a - b))] as const,
  )
  return { ...transaction, partitions: new Map(sorted.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

describe.each(logs)('$path', ({ path, serverVersion }) => {
  const records = recordsOf(path)

  it('has records that are written again as Kafka wrote them', () => {
    expect(records.length).toBeGreaterThan(0)
    for (const { key, value, transaction } of records) {
      const entry = transactionEntry(transaction, serverVersion)
      expect(entry.key).toEqual(key)
      expect(entry.value?.toString('hex')).toBe(value.toString('hex'))
    }
  })

  it('tells of no change that ours could not make, byte for byte', () => {
    const known = new Map<string, Transaction>()
    for (const { transaction } of records) {
      const { transactionalId } = transaction
      const wanted = transactionEntry(sortedPartitions(transaction), serverVersion).value
      const made = candidates(known.get(transactionalId), transaction, serverVersion).map((next) =>
        transactionEntry(sortedPartitions(next), serverVersion).value?.toString('hex'),
      )
      expect(made, `${transactionalId} to ${transaction.state}`).toContain(wanted?.toString('hex'))
      known.set(transactionalId, transaction)
    }
  })
})
