/**
 * The entries of an index, each taken out of its bytes when it is asked for: a full index has more than a million,
 * which as objects would be a hundred megabytes.
 */
export class IndexEntries<Entry> {
  readonly length: number
  readonly #entryAt: (index: number) => Entry

  constructor(length: number, entryAt: (index: number) => Entry) {
    this.length = length
    this.#entryAt = entryAt
  }

  /** Counted from the end where the index is negative. */
  at(index: number): Entry | undefined {
    const from = index < 0 ? this.length + index : index
    return from >= 0 && from < this.length ? this.#entryAt(from) : undefined
  }

  /** The first of which this is so, or −1. */
  findIndex(isIt: (entry: Entry, index: number) => boolean): number {
    for (let i = 0; i < this.length; i++) if (isIt(this.#entryAt(i), i)) return i
    return -1
  }

  all(): Entry[] {
    return Array.from({ length: this.length }, (_, i) => this.#entryAt(i))
  }
}
