import { dirname } from 'node:path'
import type { Disk } from './disk.ts'

/**
 * Whoever reads meanwhile gets the old text or the new one, and so does a power cut. Nobody else than the user may read
 * it: it may hold a secret.
 */
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
  await disk.flushFolder(dirname(path))
}
