import { dirname } from 'node:path'
import type { AppendableFile, Disk } from '../../ports/disk.ts'
import { copyFile } from '../copy-file.ts'

/** A new content for a file, written beside it. Until `replace` nothing else has changed. */
export class Replacement {
  readonly path: string
  readonly file: AppendableFile
  readonly #disk: Disk
  readonly #besidePath: string
  #isDone = false

  constructor(disk: Disk, path: string) {
    this.path = path
    this.#disk = disk
    this.#besidePath = `${path}.rebuilt`
    this.file = disk.openToAppend(this.#besidePath)
    // An earlier try may have been cut short.
    this.file.truncate(0)
  }

  /** Leaves nothing behind where it has not replaced anything. */
  close(): void {
    this.file.close()
    if (!this.#isDone) this.#disk.remove(this.#besidePath)
  }

  /**
   * A copy of what is there goes to `backupPath` first: it is never missing, which a broker that starts at
   * that moment would take for a reason to make an empty one.
   */
  async replace(backupPath: string | null): Promise<void> {
    if (backupPath !== null) await copyFile(this.#disk, this.path, backupPath)
    await this.file.flush()
    this.file.close()
    this.#disk.rename(this.#besidePath, this.path)
    this.#isDone = true
    await this.#disk.flushFolder(dirname(this.path))
  }
}
