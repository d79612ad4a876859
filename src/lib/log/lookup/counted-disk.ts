import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'

/** A disk that counts what is read through it: a search tells what it cost. */
export class CountedDisk implements ReadableDisk {
  readBytes = 0
  readonly #disk: ReadableDisk

  constructor(disk: ReadableDisk) {
    this.#disk = disk
  }

  openToRead(path: string): ReadableFile {
    const file = this.#disk.openToRead(path)
    const counted = (count: number) => {
      this.readBytes += count
      return count
    }
    return {
      path: file.path,
      sizeBytes: () => file.sizeBytes(),
      read: (into, position) => counted(file.read(into, position)),
      readCold: async (into, position) => counted(await file.readCold(into, position)),
      close: () => file.close(),
    }
  }

  list(folder: string) {
    return this.#disk.list(folder)
  }

  stat(path: string) {
    return this.#disk.stat(path)
  }
}
