import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OpenArena } from '../../../src/lib/compression/arena.ts'
import type { Codec } from '../../../src/lib/compression/codec.ts'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { compressLz4 } from '../../../src/lib/compression/lz4.ts'
import { compressSnappy } from '../../../src/lib/compression/snappy.ts'
import { compressZstd } from '../../../src/lib/compression/zstd-encoder.ts'
import { seedOfRun } from '../../random.ts'
import { arenas, decompressBy } from './frames.ts'
import { jsonLines, noise, samples } from './samples.ts'

const seed = seedOfRun()

/** Every way to write, apart from gzip, which is the runtime's. */
const writers: readonly (readonly [
  name: string,
  codec: Codec,
  magic: number,
  write: (raw: Buffer, open: OpenArena) => Buffer,
])[] = [
  ['snappy in xerial framing', 'snappy', 2, (raw, open) => compressSnappy(raw, 'xerial', open)],
  ['a bare snappy block', 'snappy', 2, (raw, open) => compressSnappy(raw, 'raw', open)],
  ['lz4', 'lz4', 2, (raw, open) => compressLz4(raw, 2, open)],
  ['lz4 for format 0', 'lz4', 0, (raw, open) => compressLz4(raw, 0, open)],
  ['zstd', 'zstd', 2, (raw, open) => compressZstd(raw, open)],
]

describe(`what was compressed, seed ${seed}`, () => {
  it.each(writers)('comes back, the same by both kernels: %s', (_, codec, magic, write) => {
    fc.assert(
      fc.property(samples, (raw) => {
        const [first, ...others] = arenas.map(([, open]) => write(raw, open))
        if (first === undefined) return
        for (const other of others) expect(other.equals(first)).toBe(true)
        for (const [name, open] of arenas) {
          expect(decompressBy(open, codec, first, raw.length, magic).equals(raw), name).toBe(true)
        }
      }),
      { seed, numRuns: 40 },
    )
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'comes back as records are written and read: %s',
    (codec) => {
      fc.assert(
        fc.property(samples, fc.constantFrom(0, 1, 2), (raw, magic) => {
          const written = compress(codec, raw, { magic })
          expect(decompress(codec, written, { maxBytes: raw.length }, { magic }).equals(raw)).toBe(true)
        }),
        { seed, numRuns: 40 },
      )
    },
  )
})

describe('sizes around every border', () => {
  const borders = [
    1, 11, 12, 13, 64, 255, 256, 257, 1023, 4096, 16384, 32768, 65535, 65536, 65792, 131072, 131073,
  ]
  const text = jsonLines(131_100)
  const random = noise(131_100)

  it.each(writers)('come back: %s', (_, codec, magic, write) => {
    for (const size of [0, ...borders.flatMap((border) => [border - 1, border, border + 1])]) {
      for (const source of [text, random, Buffer.alloc(131_100, 'z')]) {
        const raw = source.subarray(0, size)
        for (const [name, open] of arenas) {
          const back = decompressBy(open, codec, write(raw, open), raw.length, magic)
          expect(back.equals(raw), `${size} by ${name}`).toBe(true)
        }
      }
    }
  })

  it('larger than the shared engine come back', () => {
    const raw = Buffer.concat([
      text,
      random,
      Buffer.alloc(9_000_000, 'k'),
      text,
      Buffer.alloc(9_000_000),
      random,
    ])
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      expect(decompress(codec, compress(codec, raw), { maxBytes: 2e7 }).equals(raw), codec).toBe(true)
    }
    const [, , , , zstd] = writers
    for (const [name, open] of arenas) {
      const written = zstd?.[3](raw, open) ?? raw
      expect(decompressBy(open, 'zstd', written, raw.length).equals(raw), name).toBe(true)
    }
  })
})

describe('compressed sizes', () => {
  const text = jsonLines(100_000)

  it('are smaller than what went in, or hardly larger', () => {
    for (const [name, , , write] of writers) {
      for (const [, open] of arenas) {
        expect(write(text, open).length, name).toBeLessThan(text.length / 2)
        expect(write(noise(100_000), open).length, name).toBeLessThan(100_100)
      }
    }
  })

  it('of zstd are within a tenth of the reference encoder where the runtime has it', () => {
    const reference = (zlib as { zstdCompressSync?: (raw: Buffer) => Buffer }).zstdCompressSync
    const expected = reference === undefined ? 21_000 : reference(text).length
    for (const [, open] of arenas) expect(compressZstd(text, open).length).toBeLessThan(expected * 1.1)
  })
})

describe('results', () => {
  it('stay as they are when more is compressed and decompressed', () => {
    const [one, two] = [jsonLines(5000), noise(5000)]
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const written = compress(codec, one)
      const back = decompress(codec, written, { maxBytes: 5000 })
      const copies = [Buffer.from(written), Buffer.from(back)]
      decompress(codec, compress(codec, two), { maxBytes: 5000 })
      expect([written, back], codec).toEqual(copies)
    }
  })

  it('are the same for a view into a larger buffer', () => {
    const raw = jsonLines(3000)
    const around = new Uint8Array(5000)
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      around.set(raw, 100)
      const written = compress(codec, around.subarray(100, 3100))
      around.set(written, 7)
      expect(
        decompress(codec, around.subarray(7, 7 + written.length), { maxBytes: 3000 }).equals(raw),
        codec,
      ).toBe(true)
    }
  })
})
