import type { AppendableFile, Disk } from '../../ports/disk.ts'
import { EntryBytes } from '../files/entry-bytes.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { LoadedIndexes } from './loaded-indexes.ts'

interface IndexRoom {
  readonly disk: Disk
  readonly indexes: LoadedIndexes
}

/**
 * One index of a segment that is written to, or was. Its entries are in memory once they are needed, and in the
 * file whenever it is written out: an unclean start makes the index of the last segment anew anyhow.
 */
export class SegmentIndex {
  path: string
  readonly #disk: Disk
  readonly #loaded: LoadedIndexes
  readonly #entryBytes: number
  #entries: EntryBytes | undefined
  /** Of the entries, what the file has. */
  #writtenBytes = 0
  #roomBytes = 0

  constructor({ disk, indexes }: IndexRoom, path: string, entryBytes: number) {
    this.#disk = disk
    this.#loaded = indexes
    this.path = path
    this.#entryBytes = entryBytes
  }

  get count(): number {
    return this.entries().count
  }

  bytes(): Buffer {
    return this.entries().written()
  }

  add(write: (bytes: Buffer, at: number) => void): void {
    this.entries().add(write)
  }

  /** Entries that the file may hold while it is written to; it has that size until it is trimmed. */
  preallocate(roomBytes: number): void {
    this.entries()
    const room = roomBytes - (roomBytes % this.#entryBytes)
    if (room === this.#roomBytes) return
    this.#change((file) => file.truncate(Math.max(room, this.#writtenBytes)))
    this.#roomBytes = room
  }

  /** Puts what is new into the file. */
  writeOut(): void {
    if (this.#entries === undefined) return
    const bytes = this.#entries.written()
    if (bytes.length === this.#writtenBytes) return
    this.#change((file) => file.write(bytes.subarray(this.#writtenBytes), this.#writtenBytes))
    this.#writtenBytes = bytes.length
  }

  /** Leaves the entries and nothing behind them, and forgets them. */
  trim(): void {
    this.writeOut()
    if (this.#entries === undefined) return
    if (this.#roomBytes !== 0) this.#change((file) => file.truncate(this.#writtenBytes))
    this.#roomBytes = 0
    this.forget()
  }

  /** What the file says counts again, unless it is written to. */
  forget(): void {
    const isWritten = this.#entries?.written().length === this.#writtenBytes
    if (this.#roomBytes === 0 && isWritten) this.#entries = undefined
  }

  entries(): EntryBytes {
    if (this.#entries !== undefined) return this.#entries
    const bytes =
      this.#disk.stat(this.path) === undefined ? Buffer.alloc(0) : readSmallFile(this.#disk, this.path)
    const whole = bytes.subarray(0, bytes.length - (bytes.length % this.#entryBytes))
    this.#writtenBytes = whole.length
    this.#entries = new EntryBytes(this.#entryBytes, whole)
    this.#loaded.add(this)
    return this.#entries
  }

  #change(run: (file: AppendableFile) => void): void {
    const file = this.#disk.openToAppend(this.path)
    try {
      run(file)
    } finally {
      file.close()
    }
  }
}
