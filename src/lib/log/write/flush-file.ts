import type { Disk } from '../../ports/disk.ts'

/** A file that nobody has open outlives a power cut once this resolves. One that went meanwhile is not made anew. */
export async function flushFile(disk: Disk, path: string): Promise<void> {
  if (disk.stat(path) === undefined) return
  const file = disk.openToAppend(path)
  try {
    await file.flush()
  } finally {
    file.close()
  }
}
