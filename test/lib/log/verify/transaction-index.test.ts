import { expect, it } from 'vitest'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { verifyPartition } from '../../../../src/lib/log/verify/verify-partition.ts'
import { subjectAt } from '../hostile/corpus.ts'
import { MemoryDisk } from '../hostile/memory-disk.ts'

const nowMs = Date.UTC(2026, 0, 1)
const turns = { isDue: () => false, turn: async () => {} }
const beside = {
  logStartOffset: undefined,
  highWatermark: undefined,
  recoveryPoint: undefined,
  cleanerOffset: undefined,
  nextStart: null,
  isAlive: false,
  isKraft: false,
}

const payments = subjectAt('logdirs/kraft-431/data1/payments-0/00000000000000000000.txnindex')

async function findingsWith(index: Buffer | undefined) {
  const files = new Map<string, Buffer>()
  for (const [name, bytes] of payments.beside) files.set(`/payments-0/${name}`, bytes)
  if (index === undefined) files.delete(`/payments-0/${payments.file}`)
  else files.set(`/payments-0/${payments.file}`, index)
  const disk = new MemoryDisk(files)
  const { findings } = await verifyPartition(disk, openPartitionFolder(disk, '/payments-0'), beside, {
    nowMs,
    turns,
  })
  return findings.map(({ file, code, severity }) => ({ file, code, severity }))
}

function changed(position: number): Buffer {
  const bytes = Buffer.from(payments.bytes)
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x40, position)
  return bytes
}

const FIRST_OFFSET = 17

it('names every transaction that was aborted', async () => {
  expect(await findingsWith(payments.bytes)).toEqual([])
})

it.each([
  ['is gone', undefined],
  ['is empty', Buffer.of()],
  ['says that one began later than its data', changed(FIRST_OFFSET)],
])('a transaction index that %s makes readers take aborted data for committed', async (_, index) => {
  const code = 'txnindex-incomplete'
  expect(await findingsWith(index)).toEqual([{ file: payments.file, code, severity: 'warning' }])
})
