import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPartitionFolder, type Segment } from '../../../src/lib/log/partition-folder.ts'
import { readTransactionIndex } from '../../../src/lib/log/read-transaction-index.ts'
import { readAbortedTransactions } from '../../../src/lib/log/views/records/aborted-transactions.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import { MemoryDisk } from './hostile/memory-disk.ts'
import { pathInDisk } from './lookup/golden-partitions.ts'

const golden = pathInDisk('segments/txn-v2/txn-v2-0')
const files = new Map(
  readdirSync(golden).map((name) => [`/logs/txn-v2-0/${name}`, readFileSync(join(golden, name))]),
)
const disk = new MemoryDisk(files)
const folder = openPartitionFolder(disk, '/logs/txn-v2-0')

/** As it was before the broker wrote the first abort marker of its last segments. */
const before = openPartitionFolder(
  new MemoryDisk(new Map([...files].filter(([name]) => !name.endsWith('.txnindex')))),
  '/logs/txn-v2-0',
)

it('reads the index of a segment, whether it was there when the folder was listed or came later', () => {
  const of = (segment: Segment) => readTransactionIndex(disk, segment)
  expect(folder.segments.map((segment) => of(segment).length > 0)).toEqual([false, true, true])
  expect(before.segments.map(of)).toEqual(folder.segments.map(of))
})

it('tells aborted data from committed, though the index came after the folder was listed', () => {
  const [first] = readTransactionIndex(disk, folder.segments[1] as Segment)
  const batch = { isTransactional: true, producerId: first?.producerId, lastOffset: first?.firstOffset }
  expect(readAbortedTransactions(disk, before).has(batch as RecordBatch)).toBe(true)
})
