import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'

const MOST_OPEN = 64

/** Files that are read now and then: a log may have more segments than a process may have open files. */
export class FilePool {
  readonly #disk: ReadableDisk
  readonly #mostOpen: number
  /** The one that was used last comes last. */
  readonly #open = new Map<string, ReadableFile>()

  constructor(disk: ReadableDisk, mostOpen = MOST_OPEN) {
    this.#disk = disk
    this.#mostOpen = mostOpen
  }

  /** Opened when it is read, and again if others were read meanwhile. */
  file(path: string): ReadableFile {
    return {
      path,
      sizeBytes: () => this.#opened(path).sizeBytes(),
      read: (into, position) => this.#opened(path).read(into, position),
      readCold: (into, position) => this.#opened(path).readCold(into, position),
      close: () => this.#close(path),
    }
  }

  close(): void {
    for (const path of [...this.#open.keys()]) this.#close(path)
  }

  #opened(path: string): ReadableFile {
    const file = this.#open.get(path) ?? this.#openAnother(path)
    this.#open.delete(path)
    this.#open.set(path, file)
    return file
  }

  #openAnother(path: string): ReadableFile {
    for (const oldest of this.#open.keys()) {
      if (this.#open.size < this.#mostOpen) break
      this.#close(oldest)
    }
    return this.#disk.openToRead(path)
  }

  #close(path: string): void {
    this.#open.get(path)?.close()
    this.#open.delete(path)
  }
}
