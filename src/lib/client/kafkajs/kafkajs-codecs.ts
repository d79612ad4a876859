import { type Codec, codecOf } from '../../compression/codec.ts'
import { compress } from '../../compression/compress.ts'
import { decompress } from '../../compression/decompress.ts'
import { DEFAULT_MAX_BYTES } from '../../records/open-records.ts'
import type { Kafkajs } from './load-kafkajs.ts'

/** kafkajs writes the records through an encoder of its own. */
interface Encoded {
  readonly buffer: Buffer
}

/** It brings gzip alone, without a limit for what comes out; with ours it reads and writes all four. */
export function registerCodecs(
  table: Kafkajs['CompressionCodecs'],
  types: Kafkajs['CompressionTypes'],
): void {
  for (const id of [types.GZIP, types.Snappy, types.LZ4, types.ZSTD] as const) {
    const codec = codecFor(codecOf(id))
    table[id] = () => codec
  }
}

function codecFor(codec: Codec) {
  return {
    compress: async ({ buffer }: Encoded) => compress(codec, buffer),
    decompress: async (bytes: Buffer) => decompress(codec, bytes, { maxBytes: DEFAULT_MAX_BYTES }),
  }
}
