import { describe, expect, it } from 'vitest'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { FULL, malformed } from '../../../src/lib/compression/kernels/outcome.ts'
import { arenas, decompressBy, goldenFrames } from './frames.ts'
import { jsonLines, noise } from './samples.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** The sizes that the chunks of a stream say they have, when decompressed. */
function chunkSizes(stream: Buffer): number[] {
  const sizes: number[] = []
  for (let position = 16; position < stream.length; position += 4 + stream.readInt32BE(position)) {
    let size = 0
    for (let index = position + 4, shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = stream.readUInt8(index++)
      size += (byte & 0x7f) << shift
    }
    sizes.push(size)
  }
  return sizes
}

describe('snappy streams', () => {
  it('are framed as Java does', () => {
    for (const { codec, by, raw, bytes } of goldenFrames()) {
      if (codec !== 'snappy' || !by.startsWith('Apache')) continue
      const ours = compress('snappy', raw)
      expect(ours.subarray(0, 16)).toEqual(bytes.subarray(0, 16))
      expect(chunkSizes(ours)).toEqual(chunkSizes(bytes))
    }
    expect(chunkSizes(compress('snappy', noise(70_000)))).toEqual([32_768, 32_768, 4464])
  })

  it('can be one bare block, as librdkafka writes them', () => {
    const bare = compress('snappy', jsonLines(100_000), { snappyFraming: 'raw' })
    expect(bare.subarray(0, 3)).toEqual(hex('a08d06'))
    expect(decompress('snappy', bare, { maxBytes: 100_000 }).equals(jsonLines(100_000))).toBe(true)
  })

  it('are held to the limit by the sum of their chunks', () => {
    const stream = compress('snappy', Buffer.alloc(100_000))
    for (const [, open] of arenas) {
      expect(decompressBy(open, 'snappy', stream, 100_000).length).toBe(100_000)
      expect(() => decompressBy(open, 'snappy', stream, 99_999)).toThrow('more than 99999 bytes')
    }
  })

  it('with a length of more than five bytes are refused', () => {
    expect(() => decompress('snappy', hex('808080808001 00'), { maxBytes: 9 })).toThrow(
      'snappy: the length of a block is malformed at byte 0',
    )
  })
})

describe('the elements of a snappy block', () => {
  const cases: readonly (readonly [what: string, elements: string, room: number, outcome: number])[] = [
    ['a literal', '08 616263', 3, 3],
    ['a literal with a length of one byte', 'f0 02 616263', 3, 3],
    ['a literal with a length of two bytes', 'f4 0200 616263', 3, 3],
    ['a literal with a length of three bytes', 'f8 020000 616263', 3, 3],
    ['a literal with a length of four bytes', 'fc 02000000 616263', 3, 3],
    ['a near copy that overlaps', '00 61 01 01', 5, 5],
    ['a copy', '08 616263 0a 0300', 6, 6],
    ['a far copy', '08 616263 0b 03000000', 6, 6],
    ['a literal that is cut', '08 6162', 3, malformed(0)],
    ['a literal whose length is cut', 'f4 02', 3, malformed(0)],
    ['a literal of 4 GiB', 'fc ffffffff 61', 3, malformed(0)],
    ['a literal of 2 GiB', 'fc ffffff7f 61', 3, malformed(0)],
    ['a near copy that is cut', '00 61 01', 5, malformed(2)],
    ['a copy that is cut', '00 61 0a 01', 5, malformed(2)],
    ['a far copy that is cut', '00 61 0b 010000', 5, malformed(2)],
    ['a copy from nowhere', '00 61 0a 0000', 5, malformed(2)],
    ['a copy from before the start', '00 61 0a 0200', 5, malformed(2)],
    ['a far copy from before the start', '00 61 0b ffffffff', 5, malformed(2)],
    ['a literal that needs more room', '08 616263', 2, FULL],
    ['a copy that needs more room', '00 61 fe 0100', 64, FULL],
    ['elements that make too little', '08 616263', 4, malformed(4)],
  ]

  it.each(cases)('%s', (_, elements, room, outcome) => {
    for (const [name, open] of arenas) {
      const input = hex(elements)
      const arena = open(input, 200)
      arena.target.fill(0xee)
      expect(arena.snappyDecode(0, input.length, 0, room), name).toBe(outcome)
      expect(
        arena.target.subarray(room + 32).every((byte) => byte === 0xee),
        name,
      ).toBe(true)
    }
  })
})
