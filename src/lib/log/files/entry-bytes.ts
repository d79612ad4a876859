const FIRST_ENTRIES = 64

/** Entries on their way to a file, one behind the other in bytes that grow. */
export class EntryBytes {
  readonly #entryBytes: number
  #bytes: Buffer
  #length: number

  /** `before` are whole entries that are there already. */
  constructor(entryBytes: number, before: Buffer = Buffer.alloc(0)) {
    this.#entryBytes = entryBytes
    this.#bytes = before
    this.#length = before.length
  }

  get count(): number {
    return this.#length / this.#entryBytes
  }

  /** Has the entry written to where it belongs. */
  add(write: (bytes: Buffer, at: number) => void): void {
    if (this.#length === this.#bytes.length) this.#grow()
    write(this.#bytes, this.#length)
    this.#length += this.#entryBytes
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(): void {
    const room = Math.max(FIRST_ENTRIES * this.#entryBytes, 2 * this.#length)
    this.#bytes = Buffer.concat([this.#bytes], room)
  }
}
