import type { AppendableFile, ReadableFile } from '../../ports/disk.ts'

const CHUNK_BYTES = 60 * 1024

/**
 * Where the entries of one index go: compared with the file that is there, and written to a new one if there
 * is to be one. Memory stays bounded however many there are.
 */
export class EntryOutput {
  readonly #entryBytes: number
  readonly #old: ReadableFile | null
  readonly #target: AppendableFile | null
  readonly #chunk = Buffer.alloc(CHUNK_BYTES)
  #at = 0
  #doneBytes = 0
  #isSame: boolean

  constructor(entryBytes: number, old: ReadableFile | null, target: AppendableFile | null) {
    this.#entryBytes = entryBytes
    this.#old = old
    this.#target = target
    this.#isSame = old !== null
  }

  get sizeBytes(): number {
    return this.#doneBytes + this.#at
  }

  get entryCount(): number {
    return this.sizeBytes / this.#entryBytes
  }

  /** The bytes of the next entry, to be filled in. */
  next(): Buffer {
    if (this.#at + this.#entryBytes > CHUNK_BYTES) this.#send()
    const entry = this.#chunk.subarray(this.#at, this.#at + this.#entryBytes)
    this.#at += this.#entryBytes
    return entry
  }

  /** Whether the file that is there has the same bytes, and no more. */
  finish(): boolean {
    this.#send()
    return this.#isSame && this.#old?.sizeBytes() === this.#doneBytes
  }

  #send(): void {
    const bytes = this.#chunk.subarray(0, this.#at)
    this.#isSame = this.#isSame && this.#isThere(bytes)
    this.#target?.append(bytes)
    this.#doneBytes += bytes.length
    this.#at = 0
  }

  #isThere(bytes: Buffer): boolean {
    const there = Buffer.alloc(bytes.length)
    const count = this.#old?.read(there, this.#doneBytes) ?? 0
    return bytes.equals(there.subarray(0, count))
  }
}
