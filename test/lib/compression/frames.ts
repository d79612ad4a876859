import type { OpenArena } from '../../../src/lib/compression/arena.ts'
import type { Codec } from '../../../src/lib/compression/codec.ts'
import { decompressGzip } from '../../../src/lib/compression/gzip.ts'
import { decompressLz4 } from '../../../src/lib/compression/lz4.ts'
import { openArena } from '../../../src/lib/compression/open-arena.ts'
import { ScriptArena } from '../../../src/lib/compression/script-arena.ts'
import { decompressSnappy } from '../../../src/lib/compression/snappy.ts'
import { decompressZstd } from '../../../src/lib/compression/zstd.ts'
import { goldenLines } from '../../golden/vectors.ts'

/** Both ways to run the kernels. */
export const arenas: readonly (readonly [name: string, open: OpenArena])[] = [
  ['WebAssembly', openArena],
  ['TypeScript', (source, targetBytes) => new ScriptArena(source, targetBytes)],
]

/** What another program made of an input. */
export interface Frame {
  codec: Codec
  by: string
  magic: 0 | 1 | 2
  input: string
  bytes: Buffer
  raw: Buffer
}

export function goldenFrames(): Frame[] {
  const lines = goldenLines<Record<string, string>>('compression/frames.ndjson.gz')
  const raws = new Map(
    lines.filter((line) => line.raw !== undefined).map((line) => [line.raw, bytesOf(line)]),
  )
  return lines
    .filter((line) => line.codec !== undefined)
    .map((line) => ({
      codec: line.codec as Codec,
      by: String(line.by),
      magic: Number(line.magic) as 0 | 1 | 2,
      input: String(line.input),
      bytes: bytesOf(line),
      raw: raws.get(line.input) ?? Buffer.alloc(0),
    }))
}

function bytesOf(line: Record<string, string>): Buffer {
  return Buffer.from(line.base64 ?? '', 'base64')
}

/** Decompresses with kernels of one kind, where `decompress` would choose. */
export function decompressBy(
  open: OpenArena,
  codec: Codec,
  input: Buffer,
  maxBytes: number,
  magic = 2,
): Buffer {
  switch (codec) {
    case 'gzip':
      return decompressGzip(input, maxBytes)
    case 'snappy':
      return decompressSnappy(input, maxBytes, open)
    case 'lz4':
      return decompressLz4(input, maxBytes, magic, open)
    case 'zstd':
      return decompressZstd(input, maxBytes, open)
    case 'none':
      return input
  }
}
