import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableFile } from '../../ports/disk.ts'

/** How the entries of an index look, and what is right about two that stand one behind the other. */
export interface IndexLayout<Entry> {
  readonly entryBytes: number
  parse(bytes: Buffer, baseOffset: Int64): Entry[]
  mayFollow(entry: Entry, before: Entry): boolean
}

/** Up to this size an index is read and looked through as a whole. */
const WHOLE_BYTES = 64 * 1024
const BLOCK_ENTRIES = 512

/**
 * The entries of an index, read as they are asked for: few of millions. Before the zeros of a file that was
 * allocated beforehand the entries end.
 */
export class IndexFile<Entry> {
  readonly path: string
  /** How many entries were written. */
  readonly count: number
  /** Bytes behind the last whole entry. */
  readonly leftOverBytes: number
  /** Entries that were allocated and never written: the log was not closed. */
  readonly zeroEntries: number
  readonly #file: ReadableFile
  readonly #baseOffset: Int64
  readonly #layout: IndexLayout<Entry>
  readonly #total: number
  readonly #blockEntries: number
  readonly #blocks = new Map<number, Buffer>()

  constructor(file: ReadableFile, baseOffset: Int64, layout: IndexLayout<Entry>) {
    const sizeBytes = file.sizeBytes()
    this.path = file.path
    this.#file = file
    this.#baseOffset = baseOffset
    this.#layout = layout
    this.#total = Math.floor(sizeBytes / layout.entryBytes)
    this.#blockEntries = sizeBytes <= WHOLE_BYTES ? Math.max(1, this.#total) : BLOCK_ENTRIES
    this.leftOverBytes = sizeBytes - this.#total * layout.entryBytes
    this.count = this.#written()
    this.zeroEntries = this.#total - this.count
  }

  /** Nothing where none was written. */
  entry(i: number): Entry | undefined {
    if (i < 0 || i >= this.count) return undefined
    const { entryBytes } = this.#layout
    const at = (i % this.#blockEntries) * entryBytes
    const bytes = this.#block(i).subarray(at, at + entryBytes)
    return this.#layout.parse(bytes, this.#baseOffset)[0]
  }

  /** The last entry for which this holds, in an index where it holds up to some entry; −1 if it is none. */
  lastWhere(holds: (entry: Entry) => boolean): number {
    let low = -1
    let high = this.count
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      const entry = this.entry(middle)
      if (entry !== undefined && holds(entry)) low = middle
      else high = middle
    }
    return low
  }

  /** The first entry that cannot stand behind the one before it: of all in a small index, else near to `i`. */
  disorder(i: number): number | undefined {
    const isWhole = this.#blockEntries >= this.#total
    const from = isWhole ? 1 : Math.max(1, i)
    const to = isWhole ? this.count : Math.min(this.count, i + 2)
    for (let k = from; k < to; k++) {
      const before = this.entry(k - 1)
      const entry = this.entry(k)
      if (before === undefined || entry === undefined || !this.#layout.mayFollow(entry, before)) return k
    }
    return undefined
  }

  /** An entry of zeros stands where the unwritten ones begin: behind it there are only such. */
  #written(): number {
    if (!this.#isZero(this.#total - 1)) return this.#total
    let low = -1
    let high = this.#total - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#isZero(middle)) high = middle
      else low = middle
    }
    return high
  }

  #isZero(i: number): boolean {
    if (i < 0) return false
    const { entryBytes } = this.#layout
    const at = (i % this.#blockEntries) * entryBytes
    return this.#block(i)
      .subarray(at, at + entryBytes)
      .every((byte) => byte === 0)
  }

  /** A file that has become shorter meanwhile has zeros where it ended. */
  #block(i: number): Buffer {
    const number = Math.floor(i / this.#blockEntries)
    const known = this.#blocks.get(number)
    if (known !== undefined) return known
    const from = number * this.#blockEntries
    const count = Math.min(this.#blockEntries, this.#total - from)
    const bytes = Buffer.alloc(count * this.#layout.entryBytes)
    this.#file.read(bytes, from * this.#layout.entryBytes)
    this.#blocks.set(number, bytes)
    return bytes
  }
}
