import { KtoolError } from '../errors.ts'
import type { DirectoryHolder } from '../ports/directory-lock.ts'
import type { Disk } from '../ports/disk.ts'

const NAME = '.ktool-owner.json'
const LARGEST_BYTES = 4096

/** Says in a directory who uses it. It proves nothing: after a crash it is still there. */
export class OwnerFile {
  readonly #disk: Disk
  readonly #path: string

  constructor(disk: Disk, directory: string) {
    this.#disk = disk
    this.#path = `${directory}/${NAME}`
  }

  read(): DirectoryHolder | undefined {
    try {
      const file = this.#disk.openToRead(this.#path)
      try {
        const bytes = Buffer.alloc(LARGEST_BYTES)
        return JSON.parse(bytes.toString('utf8', 0, file.read(bytes, 0)))
      } finally {
        file.close()
      }
    } catch {
      return undefined
    }
  }

  write(owner: DirectoryHolder): void {
    const file = this.#disk.openToAppend(this.#path)
    try {
      file.truncate(0)
      file.append(Buffer.from(`${JSON.stringify(owner)}\n`))
    } finally {
      file.close()
    }
  }

  /** Where it cannot be removed, it stays as after a crash. */
  remove(): void {
    try {
      if (this.#disk.stat(this.#path) !== undefined) this.#disk.remove(this.#path)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }
}
