import { DataError } from '../errors.ts'
import type { Disk, ReadableDisk } from '../ports/disk.ts'
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

/** Whoever reads meanwhile gets the old text or the new one. Nobody else than the user may read it. */
export async function replaceText(disk: Disk, path: string, text: string): Promise<void> {
  const unfinished = `${path}.tmp`
  const file = disk.openToAppend(unfinished, 'private')
  try {
    file.truncate(0)
    file.append(Buffer.from(text))
    await file.flush()
  } finally {
    file.close()
  }
  disk.rename(unfinished, path)
}

function tooLarge(path: string): DataError {
  return new DataError('file-too-large', `${path} is larger than ${formatSize(MAX_BYTES)}`, {
    details: { path },
  })
}
