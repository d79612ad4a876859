import { expect, test } from 'vitest'
import { scanLog } from '../../../../src/lib/log/scan/scan-log.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { goldenLogs } from '../../records/golden-logs.ts'
import { fileOf } from './file-of.ts'

function batch(baseOffset: number): Buffer {
  const writer = new BatchWriter({ baseOffset })
  writer.append({ timestamp: 1000, key: null, value: Buffer.from('a value of some length') })
  return writer.finish()
}

const four = [0, 1, 2, 3].map(batch)
const size = four[0]?.length ?? 0

function outline(bytes: Buffer, chunkBytes = 4096) {
  return [...scanLog(fileOf(bytes), { chunkBytes })].map((found) => {
    if (found.kind === 'batch') {
      return found.damage === null ? found.batch.position : `${found.batch.position} ${found.damage.reason}`
    }
    const { position, sizeBytes, reason } = found.damage
    return `${reason} at ${position}, ${sizeBytes} bytes`
  })
}

test('sound logs of every version are their batches and nothing else', () => {
  for (const { name, bytes, lines } of goldenLogs('segments', 'expected/segments')) {
    const batches = lines.filter(({ kind }) => kind === 'batch').map(({ position }) => position)
    const found = outline(bytes)
    const tail = typeof found.at(-1) === 'string' ? found.pop() : undefined
    if (tail !== undefined) expect(`${name}: ${tail}`).toMatch(/^preallocate.*: zeros at/)
    expect(found, name).toEqual(batches)
  }
})

test('a batch that is damaged inside keeps its place', () => {
  const bytes = Buffer.concat(four)
  bytes[size + 70] = 0xff
  expect(outline(bytes)).toEqual([0, `${size} crc`, 2 * size, 3 * size])
})

test('the CRC tells where a batch ends whose length is wrong', () => {
  for (const length of [-1, 0, 60, 2_000_000_000]) {
    const bytes = Buffer.concat(four)
    bytes.writeInt32BE(length, size + 8)
    expect(outline(bytes), `${length}`).toEqual([0, `length at ${size}, ${size} bytes`, 2 * size, 3 * size])
  }
})

test('zeros and other bytes between batches are passed over', () => {
  const hole = Buffer.concat([batch(0), batch(1), Buffer.alloc(9000), batch(2), batch(3)])
  expect(outline(hole)).toEqual([
    0,
    size,
    `length at ${2 * size}, 9000 bytes`,
    2 * size + 9000,
    3 * size + 9000,
  ])
  const text = Buffer.concat([batch(0), Buffer.from('not a batch at all, but words. '.repeat(30)), batch(1)])
  expect(outline(text)).toEqual([0, `magic at ${size}, 930 bytes`, size + 930])
})

test('a length that leads to a later batch by chance hides no others', () => {
  const batches = [0, 1, 2, 3, 4, 5].map((offset) => batch(offset))
  const large = new BatchWriter({ baseOffset: 1 })
  large.append({ timestamp: 1, key: null, value: Buffer.alloc(3 * size) })
  const [first = Buffer.of(), , ...others] = batches
  const torn = large.finish().subarray(0, -2 * size)
  const bytes = Buffer.concat([first, torn, ...others])
  const next = size + torn.length
  expect(outline(bytes)).toEqual([
    0,
    `crc at ${size}, ${torn.length} bytes`,
    next,
    next + size,
    next + 2 * size,
    next + 3 * size,
  ])
})

test('what a torn last batch holds is not taken for batches', () => {
  const writer = new BatchWriter({ baseOffset: 2 })
  writer.append({ timestamp: 1, key: null, value: Buffer.concat([batch(3), batch(4), batch(5), batch(6)]) })
  const bytes = Buffer.concat([batch(0), batch(1), writer.finish().subarray(0, -1)])
  expect(outline(bytes)).toEqual([0, size, `cut at ${2 * size}, ${bytes.length - 2 * size} bytes`])
})

test('a file with a header at every place does not hold up the scan', () => {
  const header = batch(1).subarray(0, 61)
  const bytes = Buffer.concat([batch(0), Buffer.alloc(4_000_000)])
  for (let at = size; at + 61 < bytes.length; at += 61) {
    header.copy(bytes, at)
    bytes.writeUInt32BE(at, at + 4)
    bytes.writeInt32BE(bytes.length - at - 99, at + 8)
  }
  const [first, gap, ...rest] = [...scanLog(fileOf(bytes))]
  expect(first).toMatchObject({ kind: 'batch', damage: null })
  expect(gap).toMatchObject({ kind: 'gap', damage: { sizeBytes: bytes.length - size } })
  expect(gap?.damage?.finding).toContain('the search for the next batch was given up')
  expect(rest).toEqual([])
})
