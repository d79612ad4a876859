import type { AppendableFile, Disk } from '../../../../src/lib/ports/disk.ts'

/** What a process sees that is killed: nothing any more. */
export class Crash extends Error {}

/** A disk on which so many changes happen, and then none. */
export class CrashingDisk {
  readonly disk: Disk
  #left: number

  constructor(disk: Disk, changes: number) {
    this.#left = changes
    const change = <T>(run: () => T): T => {
      if (this.#left === 0) throw new Crash('no change any more')
      this.#left--
      return run()
    }
    this.disk = {
      openToRead: (path) => disk.openToRead(path),
      list: (folder) => disk.list(folder),
      stat: (path) => disk.stat(path),
      openToAppend: (path) => crashing(() => change(() => disk.openToAppend(path)), change),
      makeFolder: (path) => change(() => disk.makeFolder(path)),
      rename: (from, to) => change(() => disk.rename(from, to)),
      remove: (path) => change(() => disk.remove(path)),
      setModified: (path, modifiedMs) => change(() => disk.setModified?.(path, modifiedMs)),
      flushFolder: (path) => disk.flushFolder(path),
    }
  }

  get isOver(): boolean {
    return this.#left === 0
  }
}

function crashing(open: () => AppendableFile, change: <T>(run: () => T) => T): AppendableFile {
  const file = open()
  return {
    path: file.path,
    sizeBytes: () => file.sizeBytes(),
    read: (into, position) => file.read(into, position),
    readCold: (into, position) => file.readCold(into, position),
    close: () => file.close(),
    append: (bytes) => change(() => file.append(bytes)),
    write(bytes, position) {
      try {
        change(() => file.write(bytes, position))
      } catch (cause) {
        // The system has taken a part of it.
        if (cause instanceof Crash) file.write(bytes.subarray(0, bytes.length >>> 1), position)
        throw cause
      }
    },
    truncate: (sizeBytes) => change(() => file.truncate(sizeBytes)),
    flush: () => file.flush(),
  }
}
