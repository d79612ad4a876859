import { DataError } from '../errors.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { formatSize } from '../values/sizes.ts'

/** Larger than any configuration that people write. */
const MAX_BYTES = 2 ** 20

/** Nothing where there is no such file. */
export function readText(
  disk: ReadableDisk,
  path: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): string | undefined {
  if (disk.stat(path) === undefined) return undefined
  const file = disk.openToRead(path)
  try {
    const bytes = Buffer.alloc(Math.min(file.sizeBytes(), MAX_BYTES + 1))
    const sizeBytes = file.read(bytes, 0)
    if (sizeBytes > MAX_BYTES) throw tooLarge(path)
    return bytes.toString(encoding, 0, sizeBytes)
  } finally {
    file.close()
  }
}

function tooLarge(path: string): DataError {
  return new DataError('file-too-large', `${path} is larger than ${formatSize(MAX_BYTES)}`, {
    details: { path },
  })
}
