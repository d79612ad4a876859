import { describe, expect, it } from 'vitest'
import { compress } from '../../../src/lib/compression/compress.ts'
import { openArena } from '../../../src/lib/compression/open-arena.ts'
import { decompressZstd } from '../../../src/lib/compression/zstd.ts'
import { compressZstd } from '../../../src/lib/compression/zstd-encoder.ts'
import type { NativeZstd } from '../../../src/lib/compression/zstd-native.ts'
import { nativeZstd } from '../../../src/lib/compression/zstd-native.ts'
import { arenas, decompressBy, goldenFrames } from './frames.ts'
import { jsonLines, noise } from './samples.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe.each(arenas)('a zstd frame, by %s', (_, open) => {
  const read = (input: Buffer, maxBytes = 200_000) => decompressBy(open, 'zstd', input, maxBytes)

  it('begins with nothing of the frame before it', () => {
    // The second frame repeats a distance before it has named any.
    const frames = [jsonLines(3000), Buffer.alloc(3000, 'z'), jsonLines(3000)].map((raw) =>
      compressZstd(raw, open),
    )
    expect(read(Buffer.concat(frames))).toEqual(
      Buffer.concat([jsonLines(3000), Buffer.alloc(3000, 'z'), jsonLines(3000)]),
    )
  })

  it('must hold as many bytes as it says', () => {
    const frame = compressZstd(jsonLines(1000), open)
    for (const wrong of [999, 1001]) {
      const changed = Buffer.from(frame)
      changed.writeUInt16LE(wrong - 256, 5)
      expect(() => read(changed)).toThrow(
        /^zstd: (the frame claims 1001 bytes and holds 1000|a block holds more than it may)/,
      )
    }
  })

  it('that says it holds more than the limit is refused before room is made', () => {
    const frame = compressZstd(jsonLines(1000), open)
    expect(() => decompressZstd(frame, 999, never)).toThrow('the data expands to more than 999 bytes')
  })

  it('with a wrong checksum is refused', () => {
    for (const name of ['empty', 'one', 'short', 'numbers', 'mixed']) {
      const frame = goldenFrames().find(({ by, input }) => input === name && by.endsWith('level 3'))
      const bytes = Buffer.from(frame?.bytes ?? [])
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0x80, bytes.length - 1)
      expect(() => read(bytes), name).toThrow(`wrong checksum at byte ${bytes.length - 4}`)
    }
  })

  it('is refused for each thing in its headers that cannot be', () => {
    const hello = '68656c6c6f'
    expect(read(hex(`28b52ffd 20 05 290000 ${hello}`)).toString()).toBe('hello')
    expect(read(hex(`28b52ffd 21 00 05 290000 ${hello}`)).toString()).toBe('hello')
    expect(() => read(hex(`28b52ffc 20 05 290000 ${hello}`))).toThrow('no frame at byte 0')
    expect(() => read(hex(`28b52ffd 28 05 290000 ${hello}`))).toThrow('a reserved bit is set at byte 4')
    expect(() => read(hex(`28b52ffd 21 07 05 290000 ${hello}`))).toThrow('a dictionary is needed at byte 5')
    expect(() => read(hex(`28b52ffd 20 05 2f0000 ${hello}`))).toThrow('a block of reserved type at byte 6')
    expect(() => read(hex(`28b52ffd 20 04 290000 ${hello}`))).toThrow('a block of 5 bytes at byte 6')
    expect(() => read(hex(`28b52ffd 20 06 290000 ${hello}`))).toThrow(
      'a frame claims 6 bytes, its blocks hold less',
    )
    expect(() => read(Buffer.concat([hex('28b52ffd 00 00 413e00'), Buffer.alloc(2000)]))).toThrow(
      'a block of 1992 bytes',
    )
  })

  it('needs no room for its window', () => {
    const roomy = hex('28b52ffd 00 88 290000 68656c6c6f')
    let room = 0
    const output = decompressZstd(roomy, 1e9, (source, targetBytes) => {
      room += targetBytes
      return open(source, targetBytes)
    })
    expect([output.toString(), room]).toEqual(['hello', 5])
  })
})

describe("the runtime's decoder", () => {
  /** Stands in for it, so that the way to it is tested where the runtime has none. */
  function native(answer: () => Buffer): { zstd: NativeZstd; asked: () => number[][] } {
    const asked: number[][] = []
    const decompress = (input: Uint8Array, ...sizes: number[]) => {
      asked.push([input.length, ...sizes])
      return answer()
    }
    return { zstd: { compress: () => Buffer.alloc(0), decompress }, asked: () => asked }
  }
  const raw = noise(5000)
  const frame = compressZstd(raw, openArena)

  it('is asked for a frame of some size', () => {
    const { zstd, asked } = native(() => raw)
    expect(decompressZstd(frame, 10_000, openArena, zstd)).toBe(raw)
    expect(asked()).toEqual([[frame.length, 5000, 5000]])
  })

  it('is not asked for small frames, joined ones, or large windows', () => {
    const windowed = Buffer.concat([hex('28b52ffd 00 70 419c00'), raw])
    const { zstd, asked } = native(never)
    const small = compressZstd(jsonLines(5000), openArena)
    for (const input of [small, Buffer.concat([frame, frame]), windowed]) {
      expect(decompressZstd(input, 10_000, openArena, zstd).length).toBeGreaterThan(4999)
    }
    expect(asked()).toEqual([])
  })

  it('is followed by ours where it fails, which says why and where', () => {
    const damaged = Buffer.from(frame)
    damaged.writeUInt16LE(5001 - 256, 5)
    const { zstd } = native(() => {
      throw new Error('Operation failed')
    })
    expect(() => decompressZstd(damaged, 10_000, openArena, zstd)).toThrow('a frame claims 5001 bytes')
    expect(decompressZstd(frame, 10_000, openArena, zstd)).toEqual(raw)
  })

  it('agrees with ours where the runtime has it', () => {
    const runtime = nativeZstd()
    for (const { codec, bytes, raw: expected } of goldenFrames()) {
      if (codec !== 'zstd') continue
      const ours = decompressZstd(bytes, expected.length, openArena)
      expect(decompressZstd(bytes, expected.length, openArena, runtime).equals(ours)).toBe(true)
    }
    const written = compress('zstd', jsonLines(50_000), { level: 19 })
    expect(decompressZstd(written, 50_000, openArena).equals(jsonLines(50_000))).toBe(true)
  })
})

function never(): never {
  throw new Error('not to be called')
}
