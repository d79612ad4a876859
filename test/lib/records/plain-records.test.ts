import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { summarizePlain } from '../../../src/lib/records/plain-records.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../../random.ts'

/** Records whose lengths, deltas and values take a byte each, or two. */
const first = record(0, 0, 'key', 'value')
const second = record(1, 7, null, 'v'.repeat(100))

describe('records of the usual shape', () => {
  it('are summed up', () => {
    const bytes = Buffer.concat([first, second])
    expect(summarizePlain(bytes, 0, bytes.length, 2)).toEqual({
      offsetDelta: 1,
      largestTimestampDelta: 7,
      isAscending: true,
    })
  })

  it('are told from those whose offsets do not grow', () => {
    const bytes = Buffer.concat([second, first])
    expect(summarizePlain(bytes, 0, bytes.length, 2)).toMatchObject({ isAscending: false })
  })

  it('have the largest timestamp below their first, if that is what they have', () => {
    const bytes = record(0, -3, null, null)
    expect(summarizePlain(bytes, 0, bytes.length, 1)).toMatchObject({ largestTimestampDelta: -3 })
  })

  it.each([
    ['there are fewer than was said', Buffer.concat([first, second]), 3],
    ['there are more than was said', Buffer.concat([first, second]), 1],
    ['the last one is cut off', Buffer.concat([first, second]).subarray(0, -1), 2],
    ['one has a header', Buffer.concat([first.subarray(0, -1), Buffer.of(2)]), 1],
    ['a length leads beyond its record', changed(first, 4, 0x20), 1],
    ['a length is negative', changed(first, 0, 0x15), 1],
    ['there are none', Buffer.alloc(0), 0],
  ])('are not all: %s', (_title, bytes, count) => {
    expect(summarizePlain(bytes, 0, bytes.length, count)).toBeUndefined()
  })

  it('end where they are said to end, whatever lies behind', () => {
    const bytes = Buffer.concat([first, second])
    expect(summarizePlain(bytes, 0, first.length, 2)).toBeUndefined()
    expect(summarizePlain(bytes, 0, first.length, 1)).toMatchObject({ offsetDelta: 0 })
  })
})

const seed = seedOfRun()

describe(`records that were changed at random (KTOOL_SEED=${seed})`, () => {
  it('are summed up only where the record cursor reads the same', () => {
    const draw = randomDraw(seed)
    const log = new URL(
      '../../golden/disk/segments/idempotent/idempotent-0/00000000000000000000.log',
      import.meta.url,
    )
    const batches = [...scanBatches(readFileSync(log))].filter((found) => found instanceof DefaultRecordBatch)
    let accepted = 0
    for (let i = 0; i < 20_000; i++) {
      const { raw } = batches[Math.floor(draw() * batches.length)] ?? expect.fail('no batches')
      const bytes = Buffer.from(raw)
      for (let changes = draw() * 3; changes > 0; changes--) {
        bytes[61 + Math.floor(draw() * (bytes.length - 61))] = Math.floor(draw() * 256)
      }
      const batch = new DefaultRecordBatch(bytes, 0, 0)
      const summary = summarizePlain(bytes, 61, bytes.length, batch.count)
      if (summary === undefined) continue
      accepted++
      expect(summary).toEqual(sumOf(batch))
    }
    expect(accepted).toBeGreaterThan(2000)
  })
})

function sumOf(batch: DefaultRecordBatch) {
  const cursor = openRecords(batch, { checkCrc: false })
  const times: number[] = []
  const offsets: number[] = []
  while (cursor.next()) {
    times.push(Number(cursor.timestamp) - Number(batch.baseTimestamp))
    offsets.push(Number(cursor.offset) - Number(batch.baseOffset))
  }
  const isAscending = offsets.every((offset, i) => offset > (offsets[i - 1] ?? -1))
  return { offsetDelta: offsets.at(-1), largestTimestampDelta: Math.max(...times), isAscending }
}

function record(offset: number, timestamp: number, key: string | null, value: string | null): Buffer {
  const parts = [Buffer.of(0), varint(timestamp), varint(offset), ...field(key), ...field(value), varint(0)]
  const body = Buffer.concat(parts)
  return Buffer.concat([varint(body.length), body])
}

function field(text: string | null): Buffer[] {
  return text === null ? [varint(-1)] : [varint(text.length), Buffer.from(text)]
}

function varint(value: number): Buffer {
  const folded = value < 0 ? -2 * value - 1 : 2 * value
  return folded < 0x80 ? Buffer.of(folded) : Buffer.of((folded & 0x7f) | 0x80, folded >> 7)
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}
