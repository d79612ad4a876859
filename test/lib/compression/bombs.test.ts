import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { OpenArena } from '../../../src/lib/compression/arena.ts'
import type { Codec } from '../../../src/lib/compression/codec.ts'
import { compress } from '../../../src/lib/compression/compress.ts'
import { decompress } from '../../../src/lib/compression/decompress.ts'
import { arenas, decompressBy } from './frames.ts'

const maxBytes = 1_000_000
const zeros = Buffer.alloc(40_000_000)
const hex = (text: string) => Buffer.from(text, 'hex')
const many = (count: number, text: string) => new Array<Buffer>(count).fill(hex(text))
const xerial = hex('82534e41505059000000000100000001')
const zstdWindowed = hex('28b52ffd0058')

/** Inputs that are small and honest, and would come out large. */
const bombs: readonly (readonly [what: string, codec: Codec, input: Buffer])[] = [
  ['gzip of zeros', 'gzip', gzipSync(zeros)],
  [
    'gzip in many members',
    'gzip',
    Buffer.concat(new Array<Buffer>(30).fill(gzipSync(zeros.subarray(0, 50_000)))),
  ],
  ['snappy of zeros', 'snappy', compress('snappy', zeros)],
  ['a bare snappy block', 'snappy', compress('snappy', zeros, { snappyFraming: 'raw' })],
  ['lz4 of zeros', 'lz4', compress('lz4', zeros)],
  ['zstd of zeros', 'zstd', compress('zstd', zeros)],
  [
    'zstd blocks of one byte repeated',
    'zstd',
    Buffer.concat([zstdWindowed, ...many(1000, '02001041'), hex('010000')]),
  ],
  ['zstd in many frames', 'zstd', Buffer.concat(many(30, '28b52ffda0a086010003350c41'))],
]

/** Inputs that say they hold much and do not. */
const lies: readonly (readonly [what: string, codec: Codec, input: Buffer])[] = [
  ['a bare snappy block of 2 GiB', 'snappy', hex('ffffffff0704616161')],
  ['a bare snappy block of 500 kB', 'snappy', hex('a0c21e0461')],
  ['a snappy chunk of 2 GiB', 'snappy', Buffer.concat([xerial, hex('7fffffff0461')])],
  [
    'a snappy chunk whose block is of 2 GiB',
    'snappy',
    Buffer.concat([xerial, hex('00000007ffffffff070461')]),
  ],
  ['an lz4 frame of 2 GiB', 'lz4', hex('04224d186840ffffff7f00000000de00000000')],
  ['an lz4 block of 2 GiB', 'lz4', hex('04224d18604082ffffff7f00')],
  ['a stored lz4 block of 2 GiB', 'lz4', hex('04224d18604082ffffffff00')],
  ['zstd with a window of 3.75 TiB', 'zstd', hex('28b52ffd00ff010000')],
  ['zstd with a content of 4 EiB', 'zstd', hex('28b52ffde000000000000000402900006868686868')],
  ['zstd with a content of 900 kB', 'zstd', hex('28b52ffda0a0bb0d002900006868686868')],
  ['a zstd block of 2 MiB', 'zstd', Buffer.concat([zstdWindowed, hex('fdffff00')])],
  ['a skippable zstd frame of 4 GiB', 'zstd', hex('502a4d18ffffffff00')],
]

/** Remembers how much room was asked for. */
function recording(open: OpenArena): { open: OpenArena; bytes: () => number } {
  let bytes = 0
  return {
    open: (source, targetBytes) => {
      bytes += targetBytes
      return open(source, targetBytes)
    },
    bytes: () => bytes,
  }
}

describe('bombs', () => {
  it.each(bombs)('are cut at the limit: %s', (_, codec, input) => {
    const limit = expect.objectContaining({
      code: 'decompression-limit',
      details: expect.objectContaining({ codec, maxBytes }),
    })
    expect(() => decompress(codec, input, { maxBytes })).toThrow(limit)
    for (const [name, open] of arenas) {
      const record = recording(open)
      expect(() => decompressBy(record.open, codec, input, maxBytes), name).toThrow(limit)
      expect(record.bytes()).toBeLessThanOrEqual(maxBytes)
    }
  })

  it('go through where the limit allows', () => {
    for (const [what, codec, input] of bombs.slice(0, 6)) {
      expect(decompress(codec, input, { maxBytes: zeros.length }).length, what).toBeGreaterThan(maxBytes)
    }
  })

  it.each([
    ['bomb-gzip', 'gzip'],
    ['bomb-zstd', 'zstd'],
  ] as const)('in a damaged log are cut at the limit: %s', (name, codec) => {
    const folder = new URL(`../../golden/disk/corrupt/cases/${name}/victim-0/`, import.meta.url)
    const log = readFileSync(new URL('00000000000000000051.log', folder))
    const found: Buffer[] = []
    for (let position = 0; position < log.length; position += 12 + log.readInt32BE(position + 8)) {
      const batch = log.subarray(position, position + 12 + log.readInt32BE(position + 8))
      if (batch.length > 10_000) found.push(batch.subarray(61))
    }
    expect(found.length).toBe(1)
    for (const input of found) {
      expect(() => decompress(codec, input, { maxBytes: 50_000_000 })).toThrow('more than 50000000 bytes')
    }
  })
})

describe('declared sizes', () => {
  it.each(lies)('that are lies make no room: %s', (_, codec, input) => {
    for (const [name, open] of arenas) {
      const record = recording(open)
      expect(() => decompressBy(record.open, codec, input, maxBytes), name).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^decompression-(failed|limit)$/) }),
      )
      expect(record.bytes(), name).toBe(0)
    }
  })

  it('in a gzip trailer make no room beyond what the bytes can hold', () => {
    const input = gzipSync('small')
    input.writeUInt32LE(0x7fffffff, input.length - 4)
    const before = process.memoryUsage().arrayBuffers
    expect(() => decompress('gzip', input, { maxBytes: 2 ** 31 })).toThrow('gzip')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })
})

describe('many parts of nothing', () => {
  const empty: readonly (readonly [what: string, codec: Codec, input: Buffer])[] = [
    ['gzip members', 'gzip', Buffer.concat(new Array<Buffer>(50_000).fill(gzipSync('')))],
    ['snappy chunks', 'snappy', Buffer.concat([xerial, ...many(200_000, '0000000100')])],
    [
      'lz4 blocks',
      'lz4',
      Buffer.concat([hex('04224d18604082'), ...many(200_000, '0100000000'), hex('00000000')]),
    ],
    ['zstd frames', 'zstd', Buffer.concat(many(100_000, '28b52ffd2000010000'))],
    ['zstd blocks', 'zstd', Buffer.concat([zstdWindowed, ...many(300_000, '000000'), hex('010000')])],
    ['skippable zstd frames', 'zstd', Buffer.concat(many(120_000, '502a4d1800000000'))],
  ]

  it.each(empty)('come to nothing, in time: %s', (_, codec, input) => {
    for (const [, open] of arenas) expect(decompressBy(open, codec, input, maxBytes).length).toBe(0)
  })
})

describe('memory', () => {
  it('has not grown by more than a few limits, after all of the above', () => {
    const before = process.resourceUsage().maxRSS
    for (let i = 0; i < 3; i++) {
      for (const [, codec, input] of [...bombs, ...lies])
        expect(() => decompress(codec, input, { maxBytes })).toThrow()
    }
    // In kilobytes. Each bomb would be 40 MB, and the inputs are there already.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(30_000)
  })
})
