import { FailedError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseProcLocks, splitDevice } from './proc-locks.ts'

/** Whether a broker is alive on a log directory. */
export type DirectoryOwner =
  | { readonly state: 'free' }
  | { readonly state: 'alive'; readonly processId: number }
  /** As a sentence: why nobody can tell. */
  | { readonly state: 'unknown'; readonly reason: string }

export const lockFile = '.lock'
const locksFile = '/proc/locks'
const CHUNK_BYTES = 65_536
/** Some hundred thousand locks. */
const MAX_LOCKS_BYTES = 16 * 1024 * 1024

/**
 * A broker holds `.lock` by fcntl as long as it lives, which Node can neither take nor test; Linux lists such
 * locks with their files. A broker in another container may be hidden from that list.
 */
export function ownerOf(disk: ReadableDisk, directory: string): DirectoryOwner {
  // Not joined: what lies above a link only the system knows.
  const lock = disk.stat(`${directory}/${lockFile}`)
  if (lock === undefined) return { state: 'free' }
  const { identity } = lock
  if (identity === undefined || disk.stat(locksFile) === undefined) {
    return { state: 'unknown', reason: 'this system does not list the locks that its processes hold' }
  }
  const { major, minor } = splitDevice(identity.device)
  const held = parseProcLocks(readListing(disk, locksFile)).filter(({ inode }) => inode === identity.inode)
  const same = held.find((other) => other.major === major && other.minor === minor)
  if (same !== undefined) return { state: 'alive', processId: same.processId }
  const [similar] = held
  if (similar === undefined) return { state: 'free' }
  // On btrfs and overlays a file tells another device than the list does.
  const reason = `process ${similar.processId} holds a lock on a file of the same number, on what seems another device`
  return { state: 'unknown', reason }
}

/** Who would change a directory's files must be alone with them. */
export function mustBeFree(owner: DirectoryOwner, directory: string): void {
  if (owner.state !== 'alive') return
  const { processId } = owner
  const who = processId > 0 ? `process ${processId} holds its ${lockFile}` : `its ${lockFile} is held`
  throw new FailedError('directory-in-use', `a broker is alive on ${directory}: ${who}`, {
    hint: 'stop the broker first, or work on a copy',
    details: { directory, processId },
  })
}

/** A file that the system makes up as it is read says that it has no bytes. */
function readListing(disk: ReadableDisk, path: string): string {
  const file = disk.openToRead(path)
  try {
    const chunks: Buffer[] = []
    for (let position = 0; position < MAX_LOCKS_BYTES; ) {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      const count = file.read(chunk, position)
      if (count === 0) break
      chunks.push(chunk.subarray(0, count))
      position += count
    }
    return Buffer.concat(chunks).toString('latin1')
  } finally {
    file.close()
  }
}
