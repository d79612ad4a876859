const FIRST_ENTRIES = 512

/** Entries on their way to a file, one behind the other in bytes that grow. */
export class EntryBytes {
  readonly #entryBytes: number
  #bytes: Buffer
  #length = 0

  constructor(entryBytes: number) {
    this.#entryBytes = entryBytes
    this.#bytes = Buffer.alloc(FIRST_ENTRIES * entryBytes)
  }

  /** Has the entry written to where it belongs. */
  add(write: (bytes: Buffer, at: number) => void): void {
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#length)
    write(this.#bytes, this.#length)
    this.#length += this.#entryBytes
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}
