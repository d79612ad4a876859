import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { diffReplicas } from '../../../../src/lib/log/diff/diff-replicas.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { emptyBatch } from '../../../../src/lib/records/batch-header.ts'
import { BatchWriter, type BatchWriterFields } from '../../../../src/lib/records/batch-writer.ts'
import type { RecordFields } from '../../../../src/lib/records/record-fields.ts'

const scratch = mkdtempSync(join(tmpdir(), 'ktool-diff-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const T0 = 1_700_000_000_000
const one: RecordFields = { offset: 7, timestamp: T0, key: Buffer.from('a'), value: Buffer.from('b') }
const fields: BatchWriterFields = { baseOffset: 5, partitionLeaderEpoch: 3 }

describe('two records of one offset', () => {
  test.each<[string, Partial<RecordFields>, BatchWriterFields]>([
    ['timestamp', { timestamp: T0 + 1 }, {}],
    ['key', { key: null }, {}],
    ['value', { value: Buffer.from('c') }, {}],
    ['headers', { headers: [{ key: Buffer.from('h'), value: null }] }, {}],
    ['epoch', {}, { partitionLeaderEpoch: 4 }],
    ['producer', {}, { producerId: 9, producerEpoch: 0, baseSequence: 0 }],
    ['kind', {}, { isTransactional: true }],
  ])('are different by their %s', async (difference, record, batch) => {
    const first = folderWith(batchOf(fields, [one]))
    const second = folderWith(batchOf({ ...fields, ...batch }, [{ ...one, ...record }]))
    const { rows } = await diff(first, second)
    expect(rows[0]).toMatchObject({ verdict: 'diverged', partsAtOffset: 7, difference })
  })

  test('are the same in batches that were cut and stamped otherwise', async () => {
    const two: RecordFields = { ...one, offset: 8 }
    const first = folderWith(batchOf({ ...fields, codec: 'gzip' }, [one, two]))
    const second = folderWith(
      batchOf({ ...fields, deleteHorizonMs: T0 + 99 }, [one]),
      batchOf({ ...fields, baseOffset: 8 }, [two]),
    )
    const { rows } = await diff(first, second)
    expect(rows.map(({ verdict, onlyHere }) => [verdict, onlyHere])).toEqual([
      ['same', 0],
      ['same', 0],
    ])
  })
})

describe('a copy whose last records were cleaned away', () => {
  test('reaches as far as its empty batch says', async () => {
    const whole = folderWith(batchOf(fields, [one]))
    const cleaned = folderWith(emptyBatch({ ...fields, lastOffset: 7 }))
    const { rows } = await diff(whole, cleaned)
    expect(rows.map(({ verdict, onlyHere, firstOnlyHere }) => [verdict, onlyHere, firstOnlyHere])).toEqual([
      ['fuller', 1, 7],
      ['gaps', 0, null],
    ])
  })
})

describe('copies that start at different offsets of a segment', () => {
  test('are compared from the later start, which the checkpoint tells', async () => {
    const first = folderWith(
      batchOf(fields, [{ ...one, offset: 5 }]),
      batchOf({ ...fields, baseOffset: 7 }, [one]),
    )
    const other = { ...one, offset: 5, value: Buffer.from('of another life') }
    const second = folderWith(batchOf(fields, [other]), batchOf({ ...fields, baseOffset: 7 }, [one]))
    writeFileSync(join(second, '../log-start-offset-checkpoint'), '0\n1\norders 0 7\n')
    const { rows } = await diff(first, second)
    expect(rows.map(({ verdict, logStartOffset }) => [verdict, logStartOffset])).toEqual([
      ['same', 0],
      ['same', 7],
    ])
  })
})

function diff(first: string, second: string) {
  return diffReplicas(systemDisk, [first, second], { isDue: () => true, turn: async () => {} })
}

function batchOf(batch: BatchWriterFields, records: readonly RecordFields[]): Buffer {
  const writer = new BatchWriter(batch)
  for (const record of records) writer.append(record)
  return writer.finish()
}

function folderWith(...batches: Buffer[]): string {
  const folder = join(mkdtempSync(join(scratch, 'copy-')), 'orders-0')
  mkdirSync(folder)
  writeFileSync(join(folder, '00000000000000000000.log'), Buffer.concat(batches))
  return folder
}
