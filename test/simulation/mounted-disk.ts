import { join } from 'node:path'
import { FailedError } from '../../src/lib/errors.ts'
import type { AppendableFile, Disk, DiskEntry, DiskStat } from '../../src/lib/ports/disk.ts'
import { diskError } from '../../src/lib/ports/disk-error.ts'
import type { SimDisk } from './sim-disk.ts'
import type { SimFile } from './sim-file.ts'
import { SimFolder } from './sim-folder.ts'

/** What a program does that changes a disk. */
export type DiskChange =
  | 'create'
  | 'write'
  | 'truncate'
  | 'make the folder'
  | 'rename'
  | 'remove'
  | 'flush'
  | 'flush the folder'

/** Sees each change before it is made, and throws where it is not to be. */
export type Meddle = (change: DiskChange, path: string) => void

/** A disk as one program has it. */
export class MountedDisk implements Disk {
  readonly #disk: SimDisk
  readonly #isDead: () => boolean
  readonly #meddle: Meddle

  constructor(disk: SimDisk, isDead: () => boolean, meddle: Meddle) {
    this.#disk = disk
    this.#isDead = isDead
    this.#meddle = meddle
  }

  openToRead(path: string): AppendableFile {
    return this.#do('open', path, () => this.#opened(path, this.#disk.file(path)))
  }

  openToAppend(path: string): AppendableFile {
    if (this.#do('look at', path, () => this.#disk.get(path)) === undefined) {
      this.#change('create', path, () => this.#disk.create(path))
    }
    return this.openToRead(path)
  }

  list(folder: string): DiskEntry[] {
    return this.#do('list', folder, () =>
      [...this.#disk.folder(folder).names.keys()].sort().map((name) => {
        const isFolder = this.#disk.get(join(folder, name)) instanceof SimFolder
        return { name, kind: isFolder ? 'folder' : 'file' }
      }),
    )
  }

  stat(path: string): DiskStat | undefined {
    const node = this.#do('look at', path, () => this.#disk.get(path))
    if (node === undefined) return undefined
    if (node instanceof SimFolder) return { kind: 'folder', sizeBytes: 0, modifiedMs: 0 }
    return { kind: 'file', sizeBytes: node.sizeBytes, modifiedMs: node.modifiedMs }
  }

  makeFolder(path: string): void {
    if (this.#do('look at', path, () => this.#disk.get(path)) instanceof SimFolder) return
    this.#change('make the folder', path, () => this.#disk.makeFolder(path))
  }

  rename(from: string, to: string): void {
    this.#change('rename', from, () => this.#disk.rename(from, to))
  }

  setModified(path: string, modifiedMs: number): void {
    this.#do('change', path, () => {
      this.#disk.file(path).modifiedMs = modifiedMs
    })
  }

  remove(path: string): void {
    this.#change('remove', path, () => this.#disk.remove(path))
  }

  async flushFolder(path: string): Promise<void> {
    await this.#change('flush the folder', path, () => this.#disk.flushFolder(path))
  }

  #opened(path: string, file: SimFile): AppendableFile {
    let isOpen = true
    const disk = this.#disk
    const assertOpen = () => {
      if (!isOpen) throw new Error(`${path} is closed, and somebody works on it`)
    }
    const read = <T>(run: () => T): T => {
      assertOpen()
      return this.#do('read', path, run)
    }
    const change = <T>(what: DiskChange, run: () => T): T => {
      assertOpen()
      return this.#change(what, path, run)
    }
    const write = (bytes: Uint8Array, position: number) => {
      try {
        change('write', () => file.write(bytes, position, disk.nowMs))
      } catch (cause) {
        // The system has taken a part of it, unless there is nobody any more who could have asked it to.
        if (!this.#isDead()) file.write(bytes.subarray(0, bytes.length >>> 1), position, disk.nowMs)
        throw cause
      }
    }
    return {
      path,
      sizeBytes: () => read(() => file.sizeBytes),
      read: (into, position) => read(() => file.read(into, position)),
      readCold: async (into, position) => read(() => file.read(into, position)),
      append: (bytes) => {
        const start = file.sizeBytes
        change('write', () => file.write(bytes, start, disk.nowMs))
        return start
      },
      write,
      truncate: (sizeBytes) => change('truncate', () => file.truncate(sizeBytes, disk.nowMs)),
      flush: async () => change('flush', () => disk.flushFile(file)),
      close: () => {
        isOpen = false
      },
    }
  }

  #change<T>(change: DiskChange, path: string, run: () => T): T {
    return this.#do(change, path, () => {
      this.#meddle(change, path)
      this.#assertAlive(change, path)
      return run()
    })
  }

  #do<T>(action: string, path: string, run: () => T): T {
    this.#assertAlive(action, path)
    try {
      return run()
    } catch (cause) {
      if (this.#isDead()) throw cause
      throw diskError(cause, action, path)
    }
  }

  #assertAlive(action: string, path: string): void {
    if (this.#isDead()) throw new FailedError('dead', `a program that is dead wants to ${action} ${path}`)
  }
}
