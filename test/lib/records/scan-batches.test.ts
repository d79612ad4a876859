import { expect, it } from 'vitest'
import { LENGTH, MAGIC } from '../../../src/lib/records/batch-layout.ts'
import { damageError } from '../../../src/lib/records/damage.ts'
import { batchAt, scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { batchOf, kinds, messagesOf, theBatch } from './samples.ts'

const log = Buffer.concat(kinds.map(([, bytes]) => bytes))

it('finds batches of every magic in one log, each at its position in the file', () => {
  const found = [...scanBatches(log, 5_000)]
  let expected = 5_000
  for (const [i, batch] of found.entries()) {
    expect(batch).toMatchObject({ kind: 'batch', position: expected, sizeBytes: kinds[i]?.[1].length })
    expected += batch.sizeBytes
  }
  expect(found.length).toBe(kinds.length)
})

it('gives each batch as the bytes that it was, for passing on', () => {
  const raws = [...scanBatches(log)].map((found) => (found.kind === 'batch' ? found.raw : null))
  expect(raws).toEqual(kinds.map(([, bytes]) => bytes))
})

it('finds nothing in nothing', () => {
  expect([...scanBatches(Buffer.alloc(0))]).toEqual([])
})

it.each([1, 12, 16, 17, 100, 4096])('reports a tail of %i zeros as one finding', (count) => {
  const found = [...scanBatches(Buffer.concat([log, Buffer.alloc(count)]))]
  expect(found.length).toBe(kinds.length + 1)
  expect(found.at(-1)).toMatchObject({ reason: 'zeros', position: log.length, sizeBytes: count })
})

it('tells zeros with something behind them from a tail of zeros', () => {
  const found = [...scanBatches(Buffer.concat([Buffer.alloc(64), log]))]
  expect(found).toMatchObject([{ reason: 'length', sizeBytes: 64 + log.length, details: { length: 0 } }])
})

it('says how much a cut batch needs, so that the reader of a file can go on there', () => {
  const bytes = batchOf({ baseOffset: 1 })
  const few = batchAt(bytes.subarray(0, 10), 0, 700)
  const more = batchAt(bytes.subarray(0, 30), 0, 700)

  expect(few).toMatchObject({ reason: 'cut', position: 700, sizeBytes: 10, details: { needed: 17 } })
  expect(more).toMatchObject({
    reason: 'cut',
    position: 700,
    sizeBytes: 30,
    details: { needed: bytes.length },
  })
})

it('goes on behind a batch whose length holds but whose magic or size does not', () => {
  const odd = batchOf()
  odd.writeInt8(3, MAGIC)
  const short = messagesOf({ magic: 1 }).subarray(0, 26)
  short.writeInt32BE(14, LENGTH)
  const found = [...scanBatches(Buffer.concat([odd, short, batchOf()]))]

  expect(found).toMatchObject([
    { reason: 'magic', position: 0, sizeBytes: odd.length },
    { reason: 'length', position: odd.length, sizeBytes: 26 },
    { kind: 'batch', position: odd.length + 26 },
  ])
})

it('takes garbage for no more than there is of it', () => {
  const garbage = Buffer.alloc(40, 0x45)
  expect(batchAt(garbage, 0)).toMatchObject({ reason: 'magic', sizeBytes: 40, details: { magic: 0x45 } })
})

it('names position and finding in the error that damage becomes', () => {
  const bytes = batchOf()
  bytes.writeUInt8(bytes.readUInt8(70) ^ 1, 70)
  const found = theBatch(bytes).damage()
  if (found === null) throw new Error('a changed byte went unnoticed')
  const error = damageError({ ...found, position: 42 })

  expect(error.code).toBe('batch-crc')
  expect(error.message).toMatch(
    /^the batch at position 42: its CRC is 0x[0-9a-f]{8}, its bytes have 0x[0-9a-f]{8}$/,
  )
  expect(error.details).toMatchObject({ position: 42, stored: theBatch(bytes).crc })
})
