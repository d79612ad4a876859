import { describe, expect, it } from 'vitest'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { FULL, malformed } from '../../../src/lib/compression/kernels/outcome.ts'
import { headerChecksum } from '../../../src/lib/compression/lz4-frame.ts'
import { arenas, decompressBy, goldenFrames } from './frames.ts'
import { jsonLines, noise } from './samples.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const magic = '04224d18'

/** A frame with the given flags and sizes, and with the right checksum of its header. */
function frame(flags: number, sizes: number, contentBytes: string, blocks: string): Buffer {
  const header = Buffer.concat([hex(magic), Buffer.from([flags, sizes]), hex(contentBytes)])
  return Buffer.concat([header, Buffer.from([headerChecksum(header, 4, header.length)]), hex(blocks)])
}

const read = (input: Buffer) => decompress('lz4', input, { maxBytes: 10_000 })

describe('an lz4 frame', () => {
  const hello = '05000080 68656c6c6f'

  it('is written as Kafka does, with the checksum that its message format has', () => {
    for (const { codec, by, magic: format, raw, bytes } of goldenFrames()) {
      if (codec !== 'lz4' || by !== 'Apache Kafka 4.3.1') continue
      expect(compress('lz4', raw, { magic: format }).subarray(0, 7)).toEqual(bytes.subarray(0, 7))
    }
    expect(compress('lz4', Buffer.alloc(9), { magic: 0 })[6]).toBe(0x1a)
    expect(compress('lz4', Buffer.alloc(9), { magic: 1 })[6]).toBe(0x82)
  })

  it('of format 0 is read with either checksum, later ones with the right one alone', () => {
    for (const written of [0, 1] as const) {
      const input = compress('lz4', Buffer.from('either'), { magic: written })
      expect(decompress('lz4', input, { maxBytes: 6 }, { magic: 0 }).toString()).toBe('either')
    }
    const old = compress('lz4', Buffer.from('either'), { magic: 0 })
    for (const format of [1, 2] as const) {
      expect(() => decompress('lz4', old, { maxBytes: 6 }, { magic: format })).toThrow(
        'wrong checksum of the header',
      )
    }
  })

  it('stores blocks that do not get smaller', () => {
    const raw = noise(70_000)
    const written = compress('lz4', raw)
    expect(written.readUInt32LE(7)).toBe(65_536 + 0x80000000)
    expect(written.length).toBe(7 + 4 + 65_536 + 4 + (70_000 - 65_536) + 4)
  })

  it('is refused for each thing in its header that cannot be', () => {
    expect(read(frame(0x60, 0x40, '', `${hello} 00000000`)).toString()).toBe('hello')
    expect(() => read(hex(`${magic.replace('18', '19')}604082 00000000`))).toThrow('no frame at byte 0')
    expect(() => read(frame(0x20, 0x40, '', '00000000'))).toThrow('version 0 of the frame format at byte 4')
    expect(() => read(frame(0x61, 0x40, '00000000', '00000000'))).toThrow('a dictionary is needed')
    for (const [flags, sizes] of [
      [0x62, 0x40],
      [0x60, 0x41],
      [0x60, 0x30],
      [0x60, 0xc0],
    ] as const) {
      expect(() => read(frame(flags, sizes, '', '00000000'))).toThrow('reserved bits are set at byte 4')
    }
  })

  it('must hold as many bytes as it says', () => {
    const sized = (size: string) => frame(0x68, 0x40, `${size} 00000000000000`, `${hello} 00000000`)
    expect(read(sized('05')).toString()).toBe('hello')
    expect(() => read(sized('04'))).toThrow('the frame claims 4 bytes and holds 5 at byte 6')
    expect(() => read(sized('06'))).toThrow('the frame claims 6 bytes, its blocks hold less at byte 6')
  })

  it('that says it holds more than the limit is refused before anything is decoded', () => {
    const input = frame(0x68, 0x40, '10270000 00000000', 'ff000000 00')
    expect(() => decompress('lz4', input.subarray(0, 40), { maxBytes: 9_999 })).toThrow('lz4')
    const whole = goldenFrames().find(({ by, input: name }) => name === 'text' && by.includes('and size'))
    for (const [, open] of arenas) {
      const never = () => {
        throw new Error('room was made')
      }
      expect(() => decompressBy(never, 'lz4', whole?.bytes ?? input, 69_999)).toThrow('more than 69999 bytes')
      expect(decompressBy(open, 'lz4', whole?.bytes ?? input, 70_000).length).toBe(70_000)
    }
  })

  it('with a wrong checksum of a block or of the content is refused', () => {
    const checked = goldenFrames().find(({ by, input }) => input === 'short' && by.includes('with checksums'))
    const bytes = checked?.bytes ?? Buffer.alloc(0)
    for (const [offset, what] of [
      [-1, 'wrong checksum of the content'],
      [-9, 'wrong checksum of a block'],
    ] as const) {
      const damaged = Buffer.from(bytes)
      const index = bytes.length + offset
      damaged.writeUInt8(damaged.readUInt8(index) ^ 1, index)
      for (const [, open] of arenas) expect(() => decompressBy(open, 'lz4', damaged, 1000)).toThrow(what)
    }
  })

  it('may refer to earlier blocks if it says so, and only then', () => {
    // Stored "abcd", then a match of four bytes that begins in it.
    const blocks = '04000080 61626364 09000000 0004005065 66676869 00000000'
    expect(read(frame(0x40, 0x40, '', blocks)).toString()).toBe('abcdabcdefghi')
    expect(() => read(frame(0x60, 0x40, '', blocks))).toThrow('malformed data at byte 20')
  })
})

describe('an lz4 block', () => {
  const cases: readonly (readonly [what: string, block: string, limit: number, outcome: number])[] = [
    ['of literals', '30 616263', 10, 3],
    ['of no literals', '00', 10, 0],
    ['with an overlapping match', '12 61 0100 10 62', 10, 8],
    ['whose literals fill the room', '30 616263', 3, 3],
    ['whose literals need more room', '30 616263', 2, FULL],
    ['whose match needs more room', '12 61 0100 10 62', 6, FULL],
    ['whose long match needs more room', '1f 61 0100 ff ff ff 00 10 62', 100, FULL],
    ['whose match needs much more room', '1f 61 0100 c8 10 62', 100, FULL],
    ['whose literals are missing', '30 6162', 10, malformed(1)],
    ['whose length of literals is missing', 'f0 ff', 1000, malformed(1)],
    ['that ends behind a match', '12 61 0100', 10, malformed(4)],
    ['whose distance is cut', '12 61 01', 10, malformed(2)],
    ['whose distance is zero', '12 61 0000 10 62', 10, malformed(2)],
    ['whose distance is before the start', '12 61 0200 10 62', 10, malformed(2)],
    ['whose length of a match is missing', '1f 61 0100 ff', 1000, malformed(5)],
  ]

  it.each(cases)('%s', (_, block, limit, outcome) => {
    for (const [name, open] of arenas) {
      const input = hex(block)
      const arena = open(input, 1100)
      arena.target.fill(0xee)
      expect(arena.lz4Decode(0, input.length, 0, limit, 0), name).toBe(outcome)
      // Copies are done in steps, which may reach a little beyond.
      expect(
        arena.target.subarray(limit + 32).every((byte) => byte === 0xee),
        name,
      ).toBe(true)
    }
  })

  it('is given up where it would not fit', () => {
    for (const [name, open] of arenas) {
      const raw = jsonLines(1000)
      const size = open(raw, 1000).lz4Encode(0, 1000, 0, 1000)
      expect(size, name).toBeGreaterThan(100)
      for (let limit = 1; limit < size - 8; limit++) {
        expect(open(raw, 1000).lz4Encode(0, 1000, 0, limit), `${limit} ${name}`).toBe(0)
      }
    }
  })
})
