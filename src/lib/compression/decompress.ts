import type { Codec } from './codec.ts'
import { beyondLimit } from './failures.ts'
import { decompressGzip } from './gzip.ts'
import { decompressLz4 } from './lz4.ts'
import { openArena } from './open-arena.ts'
import { decompressSnappy } from './snappy.ts'
import { decompressZstd } from './zstd.ts'
import { nativeZstd } from './zstd-native.ts'

export interface DecompressionLimits {
  /** More output than this is an error, found before room is made for it. */
  maxBytes: number
}

export interface DecompressionOptions {
  /** The message format around the data: in format 0 LZ4 frames have a wrong header checksum. */
  magic?: 0 | 1 | 2
}

/**
 * Decompresses the records of one batch, or the value of one wrapper message. For `none` the result
 * is a view of the input; all others are new memory.
 */
export function decompress(
  codec: Codec,
  input: Uint8Array,
  limits: DecompressionLimits,
  options: DecompressionOptions = {},
): Buffer {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  const { maxBytes } = limits
  switch (codec) {
    case 'none':
      if (bytes.length > maxBytes) throw beyondLimit('none', maxBytes)
      return bytes
    case 'gzip':
      return decompressGzip(bytes, maxBytes)
    case 'snappy':
      return decompressSnappy(bytes, maxBytes, openArena)
    case 'lz4':
      return decompressLz4(bytes, maxBytes, options.magic ?? 2, openArena)
    case 'zstd':
      return decompressZstd(bytes, maxBytes, openArena, nativeZstd())
  }
}
