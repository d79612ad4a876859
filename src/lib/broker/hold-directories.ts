import { mustBeFree, ownerOf } from '../log/owner/directory-owner.ts'
import type { DataDirs } from '../log/write/log-store.ts'
import type { HeldDirectory } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'
import type { BrokerOptions } from './broker-options.ts'

/** Makes the directories where they are not there, and keeps others out of all of them, or of none. */
export async function holdAll(
  { logDirs, metadataDir }: DataDirs,
  { hold }: Pick<BrokerOptions, 'hold'>,
  disk: Disk,
): Promise<HeldDirectory> {
  const held: HeldDirectory[] = []
  const release = async () => {
    for (const each of held) await each.release()
  }
  try {
    for (const path of new Set([metadataDir, ...logDirs])) {
      disk.makeFolder(path)
      mustBeFree(ownerOf(disk, path), path)
      const one = await hold?.(path)
      if (one !== undefined) held.push(one)
    }
  } catch (cause) {
    await release()
    throw cause
  }
  return { release }
}
