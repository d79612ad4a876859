import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OpenArena } from '../../../src/lib/compression/arena.ts'
import type { Codec } from '../../../src/lib/compression/codec.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { DataError } from '../../../src/lib/errors.ts'
import { seedOfRun } from '../../random.ts'
import { arenas, decompressBy, goldenFrames } from './frames.ts'

const seed = seedOfRun()
const small = goldenFrames().filter(({ bytes, input }) => bytes.length < 300 && input !== 'mixed')

/** The most that one byte of input can make, by the formats' densest elements. */
const expansion: { readonly [codec in Codec]?: number } = { snappy: 64 / 3, lz4: 255, zstd: 131072 / 4 }

/** Opens arenas, and fails where more room is asked for than the limit and the input allow. */
function watched(open: OpenArena, codec: Codec, maxBytes: number): OpenArena {
  return (source, targetBytes) => {
    const justified = Math.ceil(source.length * (expansion[codec] ?? 0))
    if (targetBytes > Math.min(maxBytes, justified)) throw new RangeError(`room for ${targetBytes} bytes`)
    return open(source, targetBytes)
  }
}

/** The output, or the error, which must be one of data, with the codec and a place within the input. */
function outcome(
  open: OpenArena,
  codec: Codec,
  input: Buffer,
  maxBytes: number,
  magic: number,
): Buffer | DataError {
  try {
    const output = decompressBy(watched(open, codec, maxBytes), codec, input, maxBytes, magic)
    expect(output.length).toBeLessThanOrEqual(maxBytes)
    return output
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    expect(['decompression-failed', 'decompression-limit']).toContain(error.code)
    expect(error.details.codec).toBe(codec)
    const { position } = error.details
    if (position !== undefined) expect(position).toBeLessThanOrEqual(input.length)
    return error
  }
}

describe('frames cut short', () => {
  it.each(arenas)('are errors, wherever they are cut, by %s', (_, open) => {
    for (const { codec, bytes, raw, magic, by } of small) {
      for (let end = 0; end < bytes.length; end++) {
        const result = outcome(open, codec, bytes.subarray(0, end), 10_000, magic)
        const where = `${codec} by ${by} cut at ${end}`
        // Xerial's framing has no end: a stream cut between two chunks is a whole one.
        if (codec === 'snappy' && by.startsWith('Apache') && end >= 16 && Buffer.isBuffer(result)) {
          expect(raw.subarray(0, result.length).equals(result), where).toBe(true)
        } else expect(result, where).toBeInstanceOf(DataError)
      }
    }
  })
})

describe('frames with one bit flipped', () => {
  it.each(arenas)('end in a value or an error, by %s', (_, open) => {
    let errors = 0
    for (const { codec, bytes, magic } of small) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes)
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        if (!Buffer.isBuffer(outcome(open, codec, flipped, 10_000, magic))) errors++
      }
    }
    expect(errors).toBeGreaterThan(1000)
  })

  it('in all frames, at random places, end the same way by both kernels', () => {
    const frames = goldenFrames()
    const place = fc.record({
      frame: fc.nat(frames.length - 1),
      bits: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(place, ({ frame, bits }) => {
        const { codec, bytes, magic } = frames[frame] ?? frames[0] ?? never()
        if (bytes.length === 0) return
        const flipped = Buffer.from(bytes)
        for (const bit of bits) {
          const index = (bit >> 3) % bytes.length
          flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << (bit & 7)), index)
        }
        const [one, two] = arenas.map(([, open]) => outcome(open, codec, flipped, 300_000, magic))
        if (Buffer.isBuffer(one) && Buffer.isBuffer(two)) expect(one.equals(two)).toBe(true)
        else expect(String(one)).toBe(String(two))
      }),
      { seed, numRuns: 1500 },
    )
  })
})

describe(`noise, seed ${seed}`, () => {
  const starts = [
    '',
    '1f8b08',
    '82534e41505059000000000100000001',
    '04224d18604082',
    '28b52ffd0058',
    '28b52ffda0',
  ]

  it('ends in a value or an error, the same by both kernels', () => {
    const input = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }))
    fc.assert(
      fc.property(input, fc.constantFrom<Codec>('gzip', 'snappy', 'lz4', 'zstd'), ([start, rest], codec) => {
        const bytes = Buffer.concat([Buffer.from(start, 'hex'), rest])
        const [one, two] = arenas.map(([, open]) => outcome(open, codec, bytes, 100_000, 2))
        expect(Buffer.isBuffer(one) ? one.toString('hex') : String(one)).toBe(
          Buffer.isBuffer(two) ? two.toString('hex') : String(two),
        )
      }),
      { seed, numRuns: 3000 },
    )
  })
})

function never(): never {
  throw new Error('there are no frames')
}

describe('errors', () => {
  it('name the codec and the place', () => {
    const lz4 = Buffer.from('04224d18604082100000006f68656c6c6f20060007506c6c6f204100000000', 'hex')
    lz4.writeUInt8(0x40, 18)
    expect(() => decompress('lz4', lz4, { maxBytes: 100 })).toThrow(
      expect.objectContaining({
        code: 'decompression-failed',
        message: 'lz4: malformed data at byte 18 of the compressed data',
        details: { codec: 'lz4', position: 18 },
      }),
    )
    expect(() => decompress('snappy', Buffer.from('ffffffff0f00', 'hex'), { maxBytes: 2 ** 31 })).toThrow(
      'snappy: a block claims 4294967295 bytes, which 6 cannot make at byte 0',
    )
  })
})
