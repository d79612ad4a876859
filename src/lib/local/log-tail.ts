import type { ReadableDisk } from '../ports/disk.ts'

const MAX_BYTES = 256 * 1024

/** The end of a log, from this byte on at the earliest. */
export function logTail(disk: ReadableDisk, path: string, fromBytes = 0): string {
  if (disk.stat(path) === undefined) return ''
  const file = disk.openToRead(path)
  try {
    const start = Math.max(fromBytes, file.sizeBytes() - MAX_BYTES)
    const bytes = Buffer.alloc(Math.max(0, file.sizeBytes() - start))
    return bytes.toString('utf8', 0, file.read(bytes, start))
  } finally {
    file.close()
  }
}
