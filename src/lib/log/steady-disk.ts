import { dirname, join } from 'node:path'
import { KtoolError } from '../errors.ts'
import type { DiskEntry, DiskStat, FileIdentity, ReadableDisk, ReadableFile } from '../ports/disk.ts'

/** Until a broker is done with renaming, which takes it some milliseconds. */
const MOST_LISTINGS = 20

/**
 * A disk that a live broker works on, as it stood when a folder was listed. Retention and the cleaner rename a file to
 * `.deleted` before they delete it, a minute later unless file.delete.delay.ms says otherwise, and the cleaner puts
 * another one in its place, which holds records of its neighbours too. So long the file that was listed is the one
 * that is opened, by whatever name.
 */
export class SteadyDisk implements ReadableDisk {
  readonly #disk: ReadableDisk
  /** By folder and path, since the folder was listed last. */
  readonly #listed = new Map<string, Map<string, FileIdentity>>()

  constructor(disk: ReadableDisk) {
    this.#disk = disk
  }

  list(folder: string): DiskEntry[] {
    this.#listed.set(join(folder), new Map())
    let entries = this.#disk.list(folder)
    for (let i = 1; i < MOST_LISTINGS && isBeingSwapped(entries); i++) entries = this.#disk.list(folder)
    return entries
  }

  stat(path: string): DiskStat | undefined {
    const stat = this.#disk.stat(path)
    const known = this.#listed.get(dirname(path))
    if (stat?.identity !== undefined && known?.has(path) === false) known.set(path, stat.identity)
    return stat
  }

  openToRead(path: string): ReadableFile {
    const listed = this.#listed.get(dirname(path))?.get(path)
    if (listed === undefined) return this.#disk.openToRead(path)
    const old = this.#openIfStill(path, listed) ?? this.#openIfStill(`${path}.deleted`, listed)
    return old ?? this.#disk.openToRead(path)
  }

  /** Looked at after it was opened: in between it may be renamed. */
  #openIfStill(path: string, listed: FileIdentity): ReadableFile | undefined {
    const file = this.#openIfThere(path)
    if (file === undefined || this.#is(path, listed)) return file
    file.close()
    return undefined
  }

  #is(path: string, { device, inode }: FileIdentity): boolean {
    const found = this.#disk.stat(path)?.identity
    return found?.device === device && found.inode === inode
  }

  #openIfThere(path: string): ReadableFile | undefined {
    try {
      return this.#disk.openToRead(path)
    } catch (cause) {
      if (cause instanceof KtoolError && cause.code === 'file-not-found') return undefined
      throw cause
    }
  }
}

/** The cleaner has taken the old segments away and not yet put the new one into their place. */
function isBeingSwapped(entries: readonly DiskEntry[]): boolean {
  const names = new Set(entries.map(({ name }) => name))
  return entries.some(({ name }) => name.endsWith('.log.swap') && !names.has(name.slice(0, -'.swap'.length)))
}
