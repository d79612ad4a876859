import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Int64 } from '../../../src/lib/bytes/int64.ts'
import { writeVarint, writeVarlong } from '../../../src/lib/bytes/varint.ts'
import { Writer } from '../../../src/lib/bytes/writer.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { batchLayout, LENGTH, LOG_OVERHEAD } from '../../../src/lib/records/batch-layout.ts'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import type { LegacyRecordBatch } from '../../../src/lib/records/legacy-record-batch.ts'
import { type OpenOptions, openRecords } from '../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../src/lib/records/record-batch.ts'
import { batchAt, scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { type Line, linesOf } from './kafka-lines.ts'
import { batchAround, batchOf, kinds, messagesOf, records, sealed, T0, theBatch } from './samples.ts'
import { batchAgain, messagesAgain } from './written-again.ts'

const LARGEST = 0x7fffffff

/** The decoded records, or the error that tells why there are none. Anything else thrown is a bug. */
function read(bytes: Buffer, options: OpenOptions = {}): Line[] | DataError {
  try {
    const found = batchAt(bytes, 0)
    if (found.kind === 'damage') return new DataError('damage', found.finding, { details: { position: 0 } })
    const cursor = openRecords(found, options)
    const lines: Line[] = []
    while (cursor.next()) {
      lines.push({ offset: cursor.offset, timestamp: cursor.timestamp, key: cursor.key, value: cursor.value })
      cursor.headers()
    }
    return lines
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return error
  }
}

function failure(bytes: Buffer, options: OpenOptions = {}): DataError {
  const outcome = read(bytes, options)
  if (!(outcome instanceof DataError)) throw new Error(`decoded to ${outcome.length} records`)
  return outcome
}

describe.each(kinds)('Damage to %s', (_kind, whole) => {
  it('by truncation is found at every length', () => {
    for (let length = 1; length < whole.length; length++) {
      const [found, ...more] = scanBatches(whole.subarray(0, length))
      expect(found?.kind, `${length} bytes`).toBe('damage')
      expect(more).toEqual([])
    }
  })

  it('by truncation is found at every length, though length and CRC say otherwise', () => {
    for (let length = LOG_OVERHEAD + 14; length < whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length))
      cut.writeInt32BE(length - LOG_OVERHEAD, LENGTH)
      const framed = batchAt(cut, 0).kind === 'batch'
      expect(failure(framed ? sealed(cut) : cut).details.position, `${length} bytes`).toBe(0)
    }
  })

  it('by one bit is found, or lies where the CRC does not reach', () => {
    const intact = read(whole)
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const outcome = read(flipped(whole, bit))
      if (outcome instanceof DataError) continue
      expect(bit >> 3, 'the byte that no CRC covers').toBeLessThan(17)
      expect(outcome.length).toBe((intact as Line[]).length)
    }
  })

  it('by one bit under a CRC made good ends in records or in an error that names the place', () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const broken = flipped(whole, bit)
      const isFramed = batchAt(broken, 0).kind === 'batch'
      const outcome = read(isFramed ? sealed(broken) : broken)
      if (outcome instanceof DataError) expect(outcome.details.position, `bit ${bit}`).toBe(0)
      else if (isInOrder(theBatch(broken), outcome)) expect(readAgain(broken), `bit ${bit}`).toEqual(outcome)
    }
  })

  it('reads the same from anywhere in a buffer', () => {
    const { lines } = linesOf(whole)
    const shifted = linesOf(Buffer.concat([whole, whole]))
    expect(shifted.damage).toEqual([])
    expect(shifted.lines.slice(lines.length).map(withoutPlace)).toEqual(lines.map(withoutPlace))
  })
})

/** Only such records can be written: the reader, as Kafka's, takes them in any order. */
function isInOrder({ baseOffset, lastOffset }: RecordBatch, lines: Line[]): boolean {
  const offsets = lines.map((line) => line.offset as Int64)
  const ascend = offsets.every((offset, i) => offset > (offsets[i - 1] ?? -Infinity))
  return ascend && (offsets[0] ?? 0) >= (baseOffset ?? 0) && lastOffset >= (offsets.at(-1) ?? 0)
}

function readAgain(bytes: Buffer): Line[] | DataError {
  const batch = theBatch(bytes)
  return read(
    batch instanceof DefaultRecordBatch ? batchAgain(batch) : messagesAgain(batch as LegacyRecordBatch),
  )
}

function flipped(whole: Buffer, bit: number): Buffer {
  const bytes = Buffer.from(whole)
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
  return bytes
}

function withoutPlace(line: Line): Line {
  const { position: _, ...rest } = line
  return rest
}

describe('A length that promises more than is there', () => {
  it.each([
    [LARGEST, 'cut'],
    [-1, 'length'],
    [-0x80000000, 'length'],
    [13, 'length'],
    [48, 'length'],
  ])('is damage when it is that of a batch: %i', (length, reason) => {
    const bytes = batchOf()
    bytes.writeInt32BE(length, LENGTH)
    expect(batchAt(bytes, 0)).toMatchObject({ kind: 'damage', reason, position: 0 })
  })

  it.each([
    [LARGEST, 3, 'length'],
    [4, 3, 'length'],
    [2, 2, 'count'],
    [0, -1, 'count'],
    [-1, -1, 'count'],
    [-0x80000000, -1, 'count'],
  ])('is an error when it is the number of records: %i', (count, decoded, field) => {
    const bytes = batchOf()
    bytes.writeInt32BE(count, batchLayout.count)
    const error = failure(sealed(bytes))
    expect(error.details).toMatchObject({
      position: 0,
      field,
      record: Math.max(0, decoded - (count === 2 ? 1 : 0)),
    })
  })

  const body = { attributes: '00', timestamp: '00', offset: '00', key: '0261', value: '0262', headers: '00' }
  const huge = 'feffffff0f'

  it.each([
    ['length', huge],
    ['length', '01'],
    ['length', '00'],
    ['length', '11'],
    ['length', 'ffffffffff01'],
    ['timestampDelta', { timestamp: 'ffffffffffffffffffff01' }],
    ['timestampDelta', { timestamp: 'ff', offset: '', key: '', value: '', headers: '' }],
    ['offsetDelta', { offset: 'ff', key: '', value: '', headers: '' }],
    ['offsetDelta', { offset: 'ffffffffff01' }],
    ['key', { key: huge }],
    ['key', { key: '0a61' }],
    ['value', { value: huge }],
    ['value', { value: '0662' }],
    ['headers', { headers: huge }],
    ['headers', { headers: '01' }],
    ['headers', { headers: '02' }],
    ['header key', { headers: `02${huge}02` }],
    ['header key', { headers: '020100' }],
    ['header value', { headers: `0200${huge}` }],
    ['header value', { headers: '020261' }],
    ['length', { headers: '0000' }],
  ])('is an error that names the field: %s %j', (field, broken) => {
    const parts = typeof broken === 'string' ? body : { ...body, ...broken }
    const bytes = Buffer.from(Object.values(parts).join(''), 'hex')
    const length = typeof broken === 'string' ? Buffer.from(broken, 'hex') : varint(bytes.length)
    const error = failure(batchAround(Buffer.concat([length, bytes]), 1))
    expect(error.details).toMatchObject({ position: 0, record: 0, field })
  })

  it('is an error when only the next record has the bytes', () => {
    const short = Buffer.from('0e00000002610262', 'hex')
    const bytes = batchAround(Buffer.concat([short, Buffer.from('1000020002610262', 'hex')]), 2)

    expect(failure(bytes).message).toMatch(/^record 0 of the batch at position 0: headers is cut off$/)
  })

  it('is an error when bytes behind the batch would make the record whole', () => {
    const record = Buffer.from('12000000026104626300', 'hex')
    const behind = record.subarray(-2)
    const bytes = Buffer.concat([batchAround(record.subarray(0, -2), 1), behind])

    expect(failure(batchAround(record.subarray(0, -2), 1)).details).toMatchObject({
      field: 'length',
      record: 0,
    })
    expect(failure(bytes).details).toMatchObject({ field: 'length', record: 0 })
    expect(read(batchAround(record, 1))).toHaveLength(1)
  })

  it.each([
    ['key', 26, LARGEST],
    ['value', 26, 3],
    ['value', 31, LARGEST],
    ['length', 31, 4],
    ['length', 31, -1],
  ])('is an error in a message: %s at %i of %i', (field, at, length) => {
    const bytes = messagesOf({ magic: 1 }, records.slice(0, 1))
    bytes.writeInt32BE(length, at)
    expect(failure(sealed(bytes)).details).toMatchObject({ position: 0, record: 0, field })
  })

  it.each([
    ['length', LENGTH, LARGEST],
    ['length', LENGTH, 21],
    ['length', LENGTH, -5],
    ['key', 26, LARGEST],
  ])('is an error in a message inside a wrapper: %s at %i of %i', (field, at, length) => {
    const inner = messagesOf({ magic: 1 })
    inner.writeInt32BE(length, at)
    expect(failure(wrapper(inner)).details).toMatchObject({ position: 0, record: 0, field })
  })
})

function varint(value: number): Buffer {
  const writer = new Writer(8)
  writeVarint(writer, value)
  return writer.written()
}

/** A wrapper of magic 1 around these bytes. */
function wrapper(inner: Buffer, offset = 2): Buffer {
  const value = gzipSync(inner)
  const bytes = messagesOf({ magic: 1, baseOffset: offset }, [{ timestamp: T0, key: null, value }])
  bytes.writeInt8(1, batchLayout.partitionLeaderEpoch + 5)
  return sealed(bytes)
}

describe('The place in an error', () => {
  const [first, second] = records

  it('is counted from the start of the batch, wherever it lies in its buffer', () => {
    const bytes = batchOf(
      {},
      [first, second].filter((record) => record !== undefined),
    )
    bytes.writeUInt8(0x7e, 61 + 6)
    const buffer = Buffer.concat([Buffer.alloc(11), sealed(bytes)])
    const batch = batchAt(buffer, 11, 500)
    if (batch.kind === 'damage') throw new Error(batch.finding)

    const cursor = openRecords(batch)
    expect(() => cursor.next()).toThrow(
      expect.objectContaining({ details: { position: 500, record: 0, field: 'value', at: 68 } }),
    )
    expect(cursor.next()).toBe(false)
  })

  it('is counted from the start of the records where they were compressed', () => {
    const bytes = wrapper(messagesOf({ magic: 1 }).subarray(0, 50))
    const batch = batchAt(Buffer.concat([Buffer.alloc(11), bytes]), 11, 500)
    if (batch.kind === 'damage') throw new Error(batch.finding)

    expect(() => openRecords(batch)).toThrow(
      expect.objectContaining({ details: { position: 500, record: 1, field: 'length', at: 40 } }),
    )
  })
})

describe('A wrapper', () => {
  it('may not hold another one, however deep', () => {
    let nested = messagesOf({ magic: 1 })
    for (let depth = 0; depth < 50; depth++) nested = wrapper(nested)
    expect(failure(nested).message).toMatch(/attributes name a codec inside/)
  })

  it('may not be empty, null or without room for a value', () => {
    expect(failure(wrapper(Buffer.alloc(0))).message).toMatch(/without a message/)
    const bytes = wrapper(messagesOf({ magic: 1 }))
    const withNull = Buffer.from(bytes)
    withNull.writeInt32BE(-1, 30)
    expect(failure(sealed(withNull)).message).toMatch(/value of the wrapper is null/)
    const withKey = Buffer.from(bytes)
    withKey.writeInt32BE(LARGEST, 26)
    expect(failure(sealed(withKey)).message).toMatch(/key of the wrapper leaves no room/)
  })

  it('may not hold less than its value, or more', () => {
    const bytes = wrapper(messagesOf({ magic: 1 }))
    for (const change of [-1, 1]) {
      const odd = Buffer.from(bytes)
      odd.writeInt32BE(bytes.readInt32BE(30) + change, 30)
      expect(failure(sealed(odd)).message).toMatch(/value of the wrapper declares/)
    }
  })

  it('may not end within a message', () => {
    const inner = messagesOf({ magic: 1 })
    for (let cut = 1; cut < 35; cut++) {
      expect(failure(wrapper(inner.subarray(0, inner.length - cut))).details.field).toBe('length')
      expect(failure(wrapper(Buffer.concat([inner, Buffer.alloc(cut)]))).details.position).toBe(0)
    }
  })

  it('may not hold a batch of magic 2, nor zstd', () => {
    expect(failure(wrapper(batchOf())).details).toMatchObject({ position: 0, field: 'magic' })
    const zstd = wrapper(messagesOf({ magic: 1 }))
    zstd.writeInt8(4, 17)
    expect(failure(sealed(zstd)).message).toMatch(/zstd in magic 1/)
  })

  it('may not have a smaller offset than the last message in it', () => {
    expect(failure(wrapper(messagesOf({ magic: 1 }), 1)).details).toMatchObject({ field: 'offset' })
  })
})

describe('A decompression bomb', () => {
  const zeros = Buffer.alloc(4 << 20)

  it('is cut at the limit in a batch', () => {
    const bomb = batchOf({ codec: 'gzip' }, [{ timestamp: T0, key: null, value: zeros }])
    expect(bomb.length).toBeLessThan(10_000)
    expect(failure(bomb, { maxBytes: 1 << 20 })).toMatchObject({
      code: 'decompression-limit',
      details: { position: 0, field: 'records' },
    })
    expect(read(bomb)).toHaveLength(1)
  })

  it('is cut at the limit in a wrapper', () => {
    const bomb = messagesOf({ magic: 1, codec: 'gzip' }, [{ timestamp: T0, key: null, value: zeros }])
    expect(failure(bomb, { maxBytes: 1 << 20 }).code).toBe('decompression-limit')
  })
})

describe('Values that a number cannot hold', () => {
  it('survive exactly as bigints', () => {
    const writer = new Writer()
    writer.int8(0)
    writeVarlong(writer, 2n ** 62n + 1n)
    for (const byte of [0x02, 0x01, 0x01, 0x00]) writer.int8(byte)
    const body = Buffer.from(writer.written())
    const bytes = batchAround(Buffer.concat([varint(body.length), body]), 1, 5)
    bytes.writeBigInt64BE(2n ** 62n, 0)

    const [line] = read(bytes) as Line[]
    expect(line).toMatchObject({ offset: 2n ** 62n + 1n, timestamp: 2n ** 62n + 6n })
    expect(theBatch(bytes).baseOffset).toBe(2n ** 62n)
  })

  it('are not rounded on the way to a number that can', () => {
    const writer = new Writer()
    writer.int8(0)
    writer.int8(0)
    writeVarint(writer, -2)
    for (const byte of [0x01, 0x01, 0x00]) writer.int8(byte)
    const body = Buffer.from(writer.written())
    const bytes = batchAround(Buffer.concat([varint(body.length), body]), 1)
    bytes.writeBigInt64BE(2n ** 53n + 1n, 0)

    expect(read(bytes)).toMatchObject([{ offset: Number.MAX_SAFE_INTEGER }])
  })
})
