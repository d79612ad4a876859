import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { codecOf } from '../../../src/lib/compression/codec.ts'
import { goldenFiles } from '../../golden/vectors.ts'
import { arenas, decompressBy } from './frames.ts'

/** The records section of a batch, or the value of a wrapper, that a broker wrote to disk. */
interface Section {
  where: string
  magic: number
  attributes: number
  count: number
  bytes: Buffer
}

function sectionsOf(where: string, log: Buffer): Section[] {
  const sections: Section[] = []
  for (let position = 0; position + 17 <= log.length; ) {
    const end = position + 12 + log.readInt32BE(position + 8)
    if (end === position + 12) break
    const magic = log.readInt8(position + 16)
    const entry = { where: `${where} at ${position}`, magic }
    if (magic === 2) {
      const attributes = log.readInt16BE(position + 21)
      const bytes = log.subarray(position + 61, end)
      sections.push({ ...entry, attributes, count: log.readInt32BE(position + 57), bytes })
    } else {
      const key = position + (magic === 0 ? 18 : 26)
      const value = key + 8 + Math.max(0, log.readInt32BE(key))
      sections.push({
        ...entry,
        attributes: log.readInt8(position + 17),
        count: 0,
        bytes: log.subarray(value, end),
      })
    }
    position = end
  }
  return sections.filter(({ attributes, bytes }) => (attributes & 7) !== 0 && bytes.length > 0)
}

const sections = goldenFiles('disk/segments').flatMap((folder) =>
  goldenFiles(folder)
    .filter((path) => !path.endsWith('.json'))
    .flatMap((path) => goldenFiles(path))
    .filter((path) => path.endsWith('.log'))
    .flatMap((path) => sectionsOf(path, readFileSync(new URL(`../../golden/${path}`, import.meta.url)))),
)

/** Format 2: as many records as the header says, each as long as it says, and nothing behind them. */
function expectRecords(data: Buffer, count: number): void {
  let position = 0
  for (let i = 0; i < count; i++) {
    let length = 0
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = data.readUInt8(position++)
      length += (byte & 0x7f) * 2 ** shift
    }
    position += length / 2
  }
  expect(position).toBe(data.length)
}

/** Formats 0 and 1: messages that follow each other to the end, each with the checksum of its bytes. */
function expectMessages(data: Buffer): void {
  let position = 0
  while (position < data.length) {
    const end = position + 12 + data.readInt32BE(position + 8)
    expect(data.readUInt32BE(position + 12)).toBe(crc32(data.subarray(position + 16, end)))
    position = end
  }
  expect(position).toBe(data.length)
}

describe('compressed batches that brokers wrote to disk', () => {
  it('are there for each message format and codec', () => {
    const kinds = new Set(sections.map(({ magic, attributes }) => `${magic} ${codecOf(attributes & 7)}`))
    expect([...kinds].sort()).toEqual([
      '0 gzip',
      '0 lz4',
      '0 snappy',
      '1 gzip',
      '1 lz4',
      '1 snappy',
      '2 gzip',
      '2 lz4',
      '2 snappy',
      '2 zstd',
    ])
    expect(sections.length).toBeGreaterThan(300)
  })

  it.each(arenas)('decompress to records that hold together, by %s', (_, open) => {
    for (const { where, magic, attributes, count, bytes } of sections) {
      const data = decompressBy(open, codecOf(attributes & 7), bytes, 1e6, magic)
      expect(data.length, where).toBeGreaterThan(0)
      if (magic === 2) expectRecords(data, count)
      else expectMessages(data)
    }
  })

  it('of format 0 have a header checksum in LZ4 that later formats must refuse', () => {
    const old = sections.filter(({ magic, attributes }) => magic === 0 && (attributes & 7) === 3)
    expect(old.length).toBeGreaterThan(10)
    for (const { bytes } of old) {
      expect(bytes[6]).toBe(0x1a)
      for (const [, open] of arenas) {
        expect(() => decompressBy(open, 'lz4', bytes.subarray(4), 1e6, 1)).toThrow('lz4')
        expect(() => decompressBy(open, 'lz4', bytes, 1e6, 1)).toThrow(
          'wrong checksum of the header at byte 6',
        )
      }
    }
  })
})
