import { describe, expect, it } from 'vitest'
import { codecOf, codecs, idOf } from '../../../src/lib/compression/codec.ts'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { DataError, UsageError } from '../../../src/lib/errors.ts'

describe('codec numbers', () => {
  it('are those of the attributes of a batch', () => {
    expect([0, 1, 2, 3, 4].map(codecOf)).toEqual(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    expect(codecs.map(idOf)).toEqual([0, 1, 2, 3, 4])
  })

  it('beyond zstd are data errors', () => {
    for (const id of [5, 6, 7, -1]) expect(() => codecOf(id)).toThrow(DataError)
  })
})

describe('data that is not compressed', () => {
  it('comes out as a view of itself, both ways', () => {
    const input = Buffer.from('records')
    expect(decompress('none', input, { maxBytes: 7 }).buffer).toBe(input.buffer)
    expect(compress('none', input)).toEqual(input)
  })

  it('is held to the limit like all other', () => {
    expect(() => decompress('none', Buffer.from('records'), { maxBytes: 6 })).toThrow(
      expect.objectContaining({ code: 'decompression-limit' }),
    )
  })
})

describe('compression levels', () => {
  const input = Buffer.from('level '.repeat(1000))

  it('are taken within the ranges that Kafka allows', () => {
    for (const level of [-1, 1, 9])
      expect(decompress('gzip', compress('gzip', input, { level }), { maxBytes: 1e5 })).toEqual(input)
    for (const level of [-131072, 1, 22])
      expect(decompress('zstd', compress('zstd', input, { level }), { maxBytes: 1e5 })).toEqual(input)
    for (const level of [1, 17])
      expect(decompress('lz4', compress('lz4', input, { level }), { maxBytes: 1e5 })).toEqual(input)
  })

  it('outside of them are usage errors', () => {
    for (const level of [-2, 10, 1.5]) expect(() => compress('gzip', input, { level })).toThrow(UsageError)
    expect(() => compress('zstd', input, { level: 23 })).toThrow(UsageError)
    expect(() => compress('lz4', input, { level: 0 })).toThrow(UsageError)
    expect(() => compress('snappy', input, { level: 1 })).toThrow('snappy has no compression levels')
  })
})
