import { describe, expect, it } from 'vitest'
import { BugError } from '../../../src/lib/errors.ts'
import { emptyBatch } from '../../../src/lib/records/batch-header.ts'
import { BatchWriter } from '../../../src/lib/records/batch-writer.ts'
import { DefaultRecordBatch } from '../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { batchOf, records, sealed, T0, theBatch } from './samples.ts'

describe('A batch of magic 2', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('keeps every record through %s', (codec) => {
    const cursor = openRecords(theBatch(batchOf({ baseOffset: 40, codec })))
    const read = []
    while (cursor.next()) {
      const { offset, timestamp, key, value } = cursor
      read.push({ offset, timestamp, key, value, headers: cursor.headers() })
    }
    expect(read).toEqual(records.map((record, i) => ({ headers: [], ...record, offset: 40 + i })))
  })

  it('takes its base timestamp from the first record and its largest from any', () => {
    const batch = theBatch(batchOf())
    if (!(batch instanceof DefaultRecordBatch)) throw new Error('not of magic 2')

    expect(batch).toMatchObject({ baseTimestamp: T0, maxTimestamp: T0 + 70_000, timestampType: 'CreateTime' })
  })

  it('gives every record the log append time, and keeps when it was created beneath', () => {
    const cursor = openRecords(theBatch(batchOf({ logAppendTime: T0 + 9 })))

    expect(cursor.batch).toMatchObject({ timestampType: 'LogAppendTime', maxTimestamp: T0 + 9 })
    while (cursor.next()) expect(cursor.timestamp).toBe(T0 + 9)
    expect(cursor).toMatchObject({ timestampDelta: -3 })
  })

  it('numbers its records by the sequence of its producer, past 2^31−1 to 0', () => {
    const fields = { producerId: 4, producerEpoch: 0, baseSequence: 2 ** 31 - 2 }
    const batch = theBatch(batchOf(fields))
    const cursor = openRecords(batch)
    const sequences = []
    while (cursor.next()) sequences.push(cursor.sequence)

    expect(sequences).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 0])
    expect(batch.lastSequence).toBe(0)
    expect(theBatch(batchOf()).lastSequence).toBe(-1)
  })

  it('may have gaps, and cover more offsets than it has records', () => {
    const batch = theBatch(
      batchOf({ baseOffset: 10, lastOffset: 30 }, [
        { offset: 12, timestamp: T0, key: null, value: null },
        { offset: 20, timestamp: T0, key: null, value: null },
      ]),
    )
    const cursor = openRecords(batch)
    const offsets = []
    while (cursor.next()) offsets.push(cursor.offset)

    expect(offsets).toEqual([12, 20])
    expect(batch).toMatchObject({ baseOffset: 10, lastOffset: 30, count: 2 })
  })

  it('counts from the delete horizon where it has one', () => {
    const batch = theBatch(batchOf({ deleteHorizonMs: T0 + 86_400_000 }))
    const cursor = openRecords(batch)
    cursor.next()

    expect(batch.deleteHorizonMs).toBe(T0 + 86_400_000)
    expect(cursor.timestamp).toBe(T0)
  })

  it('knows its count and its size while it grows', () => {
    const writer = new BatchWriter()
    expect([writer.count, writer.sizeBytes]).toEqual([0, 61])
    for (const record of records) writer.append(record)

    expect([writer.count, writer.sizeBytes]).toEqual([3, writer.finish().length])
  })

  it('is no bytes at all without records', () => {
    expect(new BatchWriter({ codec: 'gzip' }).finish().length).toBe(0)
  })

  it('refuses offsets that go back or lie outside', () => {
    const writer = new BatchWriter({ baseOffset: 10 })
    const record = { timestamp: T0, key: null, value: null }
    writer.append({ ...record, offset: 12 })

    expect(() => writer.append({ ...record, offset: 12 })).toThrow(BugError)
    expect(() => writer.append({ ...record, offset: 10 + 2 ** 31 })).toThrow(
      /offset 2147483658 is not in a batch/,
    )
  })
})

describe('An empty batch', () => {
  it('keeps offsets, producer and time, and no records', () => {
    const bytes = emptyBatch({
      baseOffset: 5,
      lastOffset: 9,
      producerId: 3,
      producerEpoch: 1,
      maxTimestamp: T0,
    })
    const batch = theBatch(bytes)

    expect(bytes.length).toBe(61)
    expect(batch).toMatchObject({ baseOffset: 5, lastOffset: 9, count: 0, producerId: 3, maxTimestamp: T0 })
    expect(openRecords(batch).next()).toBe(false)
  })

  it('takes the log append time for its own', () => {
    const batch = theBatch(emptyBatch({ logAppendTime: T0 + 1, maxTimestamp: T0 }))

    expect(batch).toMatchObject({ maxTimestamp: T0 + 1, timestampType: 'LogAppendTime' })
  })

  it('covers no offset below its first', () => {
    expect(() => emptyBatch({ baseOffset: 5, lastOffset: 4 })).toThrow(/offset 4 is not in a batch/)
  })

  it('is empty whatever codec it names', () => {
    const bytes = emptyBatch({})
    bytes.writeInt16BE(1, 21)

    expect(openRecords(theBatch(sealed(bytes))).next()).toBe(false)
  })
})
