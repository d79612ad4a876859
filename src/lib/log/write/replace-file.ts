import { dirname } from 'node:path'
import type { AppendableFile, Disk } from '../../ports/disk.ts'

/** A small file's new content: what reads it finds the old one or the new one, and nothing between. */
export function replaceFile(disk: Disk, path: string, bytes: Buffer): void {
  writeBeside(disk, path, bytes).close()
  disk.rename(`${path}.tmp`, path)
}

/** The same, and once it resolves the new one outlives a power cut. */
export async function replaceFileSafely(disk: Disk, path: string, bytes: Buffer): Promise<void> {
  const file = writeBeside(disk, path, bytes)
  try {
    await file.flush()
  } finally {
    file.close()
  }
  disk.rename(`${path}.tmp`, path)
  await disk.flushFolder(dirname(path))
}

/** Makes the file, or writes it anew where it stands. */
export function writeFile(disk: Disk, path: string, bytes: Buffer): void {
  written(disk, path, bytes).close()
}

function writeBeside(disk: Disk, path: string, bytes: Buffer): AppendableFile {
  return written(disk, `${path}.tmp`, bytes)
}

function written(disk: Disk, path: string, bytes: Buffer): AppendableFile {
  const file = disk.openToAppend(path)
  try {
    // A file of this name may be left over.
    file.truncate(0)
    file.append(bytes)
    return file
  } catch (cause) {
    file.close()
    throw cause
  }
}
