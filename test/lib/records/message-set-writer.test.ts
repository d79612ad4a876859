import { describe, expect, it } from 'vitest'
import { BugError } from '../../../src/lib/errors.ts'
import { MessageSetWriter } from '../../../src/lib/records/message-set-writer.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { messagesOf, records, sealed, T0, theBatch } from './samples.ts'

function read(bytes: Buffer): unknown[][] {
  const lines = []
  for (const batch of scanBatches(bytes)) {
    if (batch.kind === 'damage') throw new Error(batch.finding)
    const cursor = openRecords(batch)
    while (cursor.next()) lines.push([cursor.offset, cursor.timestamp, cursor.key, cursor.value])
  }
  return lines
}

const withTimes = records.map(({ timestamp, key, value }, i) => [7 + i, timestamp, key, value])
const withoutTimes = withTimes.map(([offset, , key, value]) => [offset, -1, key, value])

describe('A message set', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4'] as const)(
    'of magic 0 keeps all but the times through %s',
    (codec) => {
      expect(read(messagesOf({ magic: 0, baseOffset: 7, codec }))).toEqual(withoutTimes)
    },
  )

  it.each(['none', 'gzip', 'snappy', 'lz4'] as const)('of magic 1 keeps all through %s', (codec) => {
    expect(read(messagesOf({ magic: 1, baseOffset: 7, codec }))).toEqual(withTimes)
  })

  it('is one batch for each message, and one for all when compressed', () => {
    expect([...scanBatches(messagesOf({ magic: 1 }))].length).toBe(3)
    expect([...scanBatches(messagesOf({ magic: 1, codec: 'gzip' }))].length).toBe(1)
  })

  it('has absolute offsets inside a wrapper of magic 0, relative ones inside one of magic 1', () => {
    const absolute = openRecords(theBatch(messagesOf({ magic: 0, baseOffset: 7, codec: 'gzip' })))
    const relative = openRecords(theBatch(messagesOf({ magic: 1, baseOffset: 7, codec: 'gzip' })))

    expect([absolute.bytes.readBigInt64BE(), absolute.baseOffset, absolute.count]).toEqual([7n, 7, 3])
    expect([relative.bytes.readBigInt64BE(), relative.baseOffset, relative.count]).toEqual([0n, 7, 3])
  })

  it('tells in the header of a wrapper its last offset and largest time, not its first', () => {
    const wrapper = theBatch(messagesOf({ magic: 1, baseOffset: 7, codec: 'gzip' }))

    expect(wrapper).toMatchObject({ baseOffset: null, lastOffset: 9, count: null, maxTimestamp: T0 + 70_000 })
  })

  it.each(['none', 'gzip'] as const)('gives every message the log append time: %s', (codec) => {
    const bytes = messagesOf({ magic: 1, logAppendTime: T0 + 9, codec })

    expect(read(bytes).map((line) => line[1])).toEqual([T0 + 9, T0 + 9, T0 + 9])
    expect(theBatch(bytes).timestampType).toBe('LogAppendTime')
  })

  it('has no time, and no kind of time, in magic 0', () => {
    const batch = theBatch(messagesOf({ magic: 0, logAppendTime: T0 }))

    expect(batch).toMatchObject({ attributes: 0, timestampType: 'NoTimestampType', maxTimestamp: -1 })
  })

  it('gets the header checksum that its magic has in LZ4 frames', () => {
    const frames = [0, 1] as const
    const [old, later] = frames.map((magic) => {
      const bytes = messagesOf({ magic, codec: 'lz4' })
      return bytes.subarray(bytes.indexOf('04224d18', 'hex')).subarray(0, 7)
    })

    expect(old?.subarray(0, 6)).toEqual(later?.subarray(0, 6))
    expect(old?.[6]).not.toBe(later?.[6])
  })

  it('takes inner offsets as they are when the wrapper is at 0, as librdkafka once wrote it', () => {
    const bytes = messagesOf({ magic: 1, baseOffset: 7, codec: 'gzip' })
    bytes.writeBigInt64BE(0n, 0)

    expect(read(sealed(bytes)).map((line) => line[0])).toEqual([0, 1, 2])
  })

  it('is no bytes at all without messages', () => {
    expect(new MessageSetWriter({ magic: 1, codec: 'gzip' }).finish().length).toBe(0)
  })

  it('refuses headers, and offsets that go back', () => {
    const writer = new MessageSetWriter({ magic: 1, baseOffset: 3 })
    const record = { timestamp: T0, key: null, value: null }

    expect(() => writer.append({ ...record, offset: 2 })).toThrow(BugError)
    expect(() => writer.append({ ...record, headers: [{ key: Buffer.from('a'), value: null }] })).toThrow(
      BugError,
    )
  })
})
