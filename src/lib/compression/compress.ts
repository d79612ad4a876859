import { UsageError } from '../errors.ts'
import type { Codec } from './codec.ts'
import { compressGzip } from './gzip.ts'
import { compressLz4 } from './lz4.ts'
import { openArena } from './open-arena.ts'
import { compressSnappy, type SnappyFraming } from './snappy.ts'
import { compressZstd } from './zstd-encoder.ts'
import { nativeZstd } from './zstd-native.ts'

export interface CompressionOptions {
  /**
   * As in Kafka's `compression.<codec>.level`. LZ4 has one level here, and so has Zstandard where the
   * runtime does not bring it (Node before 22.15).
   */
  level?: number | undefined
  /** The message format that the data is for: format 0 has a quirk of its own in LZ4 frames. */
  magic?: 0 | 1 | 2
  /** `xerial` as Java writes it, which is the default, or one bare block as librdkafka does. */
  snappyFraming?: SnappyFraming
}

/** The levels that Kafka allows. */
const levels: { readonly [codec in Codec]?: readonly [min: number, max: number] } = {
  gzip: [-1, 9],
  lz4: [1, 17],
  zstd: [-131072, 22],
}

export function compress(codec: Codec, input: Uint8Array, options: CompressionOptions = {}): Buffer {
  const { level } = options
  if (level !== undefined) checkLevel(codec, level)
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  switch (codec) {
    case 'none':
      return bytes
    case 'gzip':
      return compressGzip(bytes, level)
    case 'snappy':
      return compressSnappy(bytes, options.snappyFraming ?? 'xerial', openArena)
    case 'lz4':
      return compressLz4(bytes, options.magic ?? 2, openArena)
    case 'zstd':
      return nativeZstd()?.compress(bytes, level) ?? compressZstd(bytes, openArena)
  }
}

function checkLevel(codec: Codec, level: number): void {
  const range = levels[codec]
  if (range === undefined) throw new UsageError('compression-level', `${codec} has no compression levels`)
  const [min, max] = range
  if (!Number.isInteger(level) || level < min || level > max) {
    throw new UsageError(
      'compression-level',
      `${codec} has the compression levels ${min} to ${max}, not ${level}`,
    )
  }
}
