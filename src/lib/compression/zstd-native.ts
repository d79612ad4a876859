import * as zlib from 'node:zlib'

/** The runtime's own Zstandard, which Node has from 22.15 on; missing in the types of Node 20. */
export interface NativeZstd {
  compress(input: Uint8Array, level: number | undefined): Buffer
  /** Throws the runtime's errors. */
  decompress(input: Uint8Array, maxBytes: number, expectedBytes: number): Buffer
}

interface ZstdFunctions {
  zstdCompressSync?: (input: Uint8Array, options?: object) => Buffer
  zstdDecompressSync?: (input: Uint8Array, options?: object) => Buffer
  constants: { ZSTD_c_compressionLevel?: number }
}

export function nativeZstd(): NativeZstd | undefined {
  const { zstdCompressSync, zstdDecompressSync, constants } = zlib as ZstdFunctions
  const levelKey = constants.ZSTD_c_compressionLevel
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined || levelKey === undefined)
    return undefined
  return {
    compress: (input, level) =>
      zstdCompressSync(input, level === undefined ? {} : { params: { [levelKey]: level } }),
    decompress: (input, maxBytes, expectedBytes) =>
      zstdDecompressSync(input, {
        maxOutputLength: Math.max(maxBytes, 1),
        chunkSize: Math.max(expectedBytes + 64, 4096),
      }),
  }
}
