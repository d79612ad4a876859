import type { Disk } from '../ports/disk.ts'

const CHUNK_BYTES = 1024 * 1024

/** In pieces, since a segment may be large; on the disk itself once it resolves. */
export async function copyFile(disk: Disk, from: string, to: string): Promise<void> {
  const source = disk.openToRead(from)
  const target = disk.openToAppend(to)
  try {
    target.truncate(0)
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (let position = 0; ; ) {
      const count = source.read(chunk, position)
      if (count === 0) break
      target.append(chunk.subarray(0, count))
      position += count
    }
    await target.flush()
  } finally {
    source.close()
    target.close()
  }
}
