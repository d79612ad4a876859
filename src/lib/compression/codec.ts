import { DataError } from '../errors.ts'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** In the order of their numbers in the lowest three bits of a batch's attributes. */
export const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

export function codecOf(id: number): Codec {
  const codec = codecs[id]
  if (codec === undefined) {
    throw new DataError('unknown-codec', `compression codec ${id} is not known`, { details: { codecId: id } })
  }
  return codec
}

export function idOf(codec: Codec): number {
  return codecs.indexOf(codec)
}
