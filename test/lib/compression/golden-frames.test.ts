import { describe, expect, it } from 'vitest'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { arenas, decompressBy, goldenFrames } from './frames.ts'

const frames = goldenFrames()

describe('frames that other programs made', () => {
  it('cover every codec, by Kafka itself and by another', () => {
    const makers = new Set(frames.map(({ codec, by }) => `${codec} ${by.split(' ')[0]}`))
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) expect(makers).toContain(`${codec} Apache`)
    expect(makers.size).toBe(8)
  })

  it.each(frames)('decompress to what went in: $codec of $input by $by, magic $magic', (frame) => {
    const limit = { maxBytes: frame.raw.length }
    expect(decompress(frame.codec, frame.bytes, limit, { magic: frame.magic }).equals(frame.raw)).toBe(true)
    for (const [name, open] of arenas) {
      const output = decompressBy(open, frame.codec, frame.bytes, frame.raw.length, frame.magic)
      expect(output.equals(frame.raw), name).toBe(true)
    }
  })

  it.each(frames.filter(({ raw }) => raw.length > 0))(
    'are cut one byte below their size: $codec of $input by $by, magic $magic',
    ({ codec, bytes, raw, magic }) => {
      for (const [name, open] of arenas) {
        const cut = () => decompressBy(open, codec, bytes, raw.length - 1, magic)
        expect(cut, name).toThrow(expect.objectContaining({ code: 'decompression-limit' }))
      }
    },
  )
})
