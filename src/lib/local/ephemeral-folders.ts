import { dirname, join } from 'node:path'
import { KtoolError } from '../errors.ts'
import { OwnerFile } from '../network/owner-file.ts'
import type { DirectoryHolder, DirectoryLock } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'
import type { LogSink } from '../ports/log-sink.ts'
import type { Random } from '../ports/random.ts'
import { removeOldSocket } from './control/control-files.ts'

const NAME_BYTES = 8
const NAME = /^ktool-broker-[0-9a-f]{16}$/

/** Who runs it finds it by its name, should it ever be left behind. */
export function ephemeralFolderName(random: Random): string {
  return `ktool-broker-${random.bytes(NAME_BYTES).toString('hex')}`
}

export interface LeftBehindFacts {
  readonly disk: Disk
  readonly log: LogSink
  readonly lock: DirectoryLock
  readonly self: DirectoryHolder
}

/**
 * Removes what brokers left behind that were killed: of the folders beside our own those that have such a name, belong
 * to the same user and had an owner, of whom the lock finds nothing alive.
 */
export async function removeLeftBehind(own: string, facts: LeftBehindFacts): Promise<void> {
  const { disk, log } = facts
  for (const path of candidates(own, disk)) {
    try {
      const held = await facts.lock.hold(path, facts.self)
      // First: as soon as the folder is gone, another may have its number, and with it its lock.
      await held.release()
      removeOldSocket(disk, path)
      disk.remove(path)
      log.log('info', 'removed a directory that a broker left behind', { path })
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }
}

function candidates(own: string, disk: Disk): string[] {
  const folder = dirname(own)
  const userId = disk.stat(own)?.identity?.userId
  return (
    disk
      .list(folder)
      .filter(({ name, kind }) => kind === 'folder' && NAME.test(name))
      .map(({ name }) => join(folder, name))
      .filter((path) => path !== own && disk.stat(path)?.identity?.userId === userId)
      // One that is only being made has no owner yet.
      .filter((path) => new OwnerFile(disk, path).read() !== undefined)
  )
}
