import type { ReadableFile } from '../../../../src/lib/ports/disk.ts'

/** A file whose content stands in memory. */
export function fileOf(bytes: Buffer, path = 'a.log'): ReadableFile {
  const read = (into: Uint8Array, position: number) => bytes.copy(into, 0, position, position + into.length)
  return {
    path,
    sizeBytes: () => bytes.length,
    read,
    readCold: async (into, position) => read(into, position),
    close: () => {},
  }
}
