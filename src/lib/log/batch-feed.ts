import { BugError, FailedError } from '../errors.ts'
import type { ReadableFile } from '../ports/disk.ts'
import { HEADER_UP_TO_MAGIC, LENGTH, LOG_OVERHEAD, SMALLEST_LENGTH } from '../records/batch-layout.ts'
import { type Damage, damage } from '../records/damage.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { batchAt } from '../records/scan-batches.ts'

export interface FeedOptions {
  /** Where the first batch starts. */
  readonly from?: number
  /** Bytes from here on are not there: the size that the file had when it was opened, or less. */
  readonly end?: number
  /** What one read asks for, and what positions of reads are multiples of. */
  readonly chunkBytes?: number
}

const PAGE_BYTES = 4096
const CHUNK_BYTES = 1024 * 1024
/** The system copies twice as fast to memory that begins so far behind an allocation, on some processors. */
const ALIGNED = 48
/** Beyond what any broker takes by default a hundred times over; memory stays bounded whatever a header says. */
const LARGEST_BATCH_BYTES = 128 * 1024 * 1024

/**
 * The batches of a file one after the other, through one buffer that is used again and again: a batch is
 * good until the next is asked for. Damage is a value among them, as `scanBatches` has it.
 */
export class BatchFeed {
  readonly file: ReadableFile
  readonly end: number
  /** How many bytes were read from the file. */
  readBytes = 0
  #buffer: Buffer
  readonly #chunkBytes: number
  /** The bytes of the file that are in the buffer: from `#start` on, at `#at` in the buffer. */
  #start: number
  #at = ALIGNED
  #length = 0
  #next: number

  constructor(file: ReadableFile, options: FeedOptions = {}) {
    const { from = 0, end = file.sizeBytes(), chunkBytes = CHUNK_BYTES } = options
    this.file = file
    this.end = end
    // Thousands of small logs are read one after the other.
    this.#chunkBytes = Math.min(chunkBytes, Math.max(1, Math.ceil(end / PAGE_BYTES)) * PAGE_BYTES)
    this.#buffer = Buffer.allocUnsafeSlow(ALIGNED + 2 * this.#chunkBytes)
    this.#start = from
    this.#next = from
  }

  /** Where the next batch is looked for. */
  get position(): number {
    return this.#next
  }

  /** Goes on from another place. */
  seek(position: number): void {
    this.#next = position
  }

  /** The next batch, or what is in its place; nothing at the end of the file. */
  next(): RecordBatch | Damage | undefined {
    const position = this.#next
    if (position >= this.end) return undefined
    const found = this.#found(position, this.end - position)
    this.#next = position + found.sizeBytes
    return found
  }

  *[Symbol.iterator](): Generator<RecordBatch | Damage, void, undefined> {
    for (let found = this.next(); found !== undefined; found = this.next()) yield found
  }

  /** Bytes of the file, as many as there are up to `length`; a view that is good until the next call. */
  peek(position: number, length: number): Buffer {
    const there = Math.max(0, Math.min(length, this.end - position))
    this.#fill(position, there)
    const at = this.#bufferAt(position)
    return this.#buffer.subarray(at, at + there)
  }

  #found(position: number, left: number): RecordBatch | Damage {
    if (left < HEADER_UP_TO_MAGIC) return this.#inPlaceOf(position, left)
    this.#fill(position, HEADER_UP_TO_MAGIC)
    const length = this.#buffer.readInt32BE(this.#bufferAt(position) + LENGTH)
    const size = LOG_OVERHEAD + length
    if (length < SMALLEST_LENGTH || size > left) return this.#inPlaceOf(position, left)
    if (size > LARGEST_BATCH_BYTES) return tooLarge(position, left, length)
    this.#fill(position, size)
    const at = this.#bufferAt(position)
    return batchAt(this.#buffer, at, position, at + size)
  }

  /** Nothing from here on can be framed: says why by the header alone, however much follows. */
  #inPlaceOf(position: number, left: number): Damage {
    const header = this.peek(position, HEADER_UP_TO_MAGIC)
    const found = batchAt(header, 0, position)
    if (found.kind === 'batch') throw new BugError('framed', `the batch at position ${position} was not seen`)
    if (found.reason === 'cut') return cut(position, left, found.details.needed ?? HEADER_UP_TO_MAGIC)
    if (found.reason === 'zeros') return this.#zerosFrom(position, left)
    return { ...found, sizeBytes: left }
  }

  #zerosFrom(position: number, left: number): Damage {
    for (let at = position; at < this.end; at += this.#chunkBytes) {
      const other = this.peek(at, this.#chunkBytes).findIndex((byte) => byte !== 0)
      if (other !== -1) return damage('length', position, left, 'its length is 0', { length: 0 })
    }
    return damage('zeros', position, left, `nothing but zeros, ${left} bytes to the end`)
  }

  #bufferAt(position: number): number {
    return this.#at + position - this.#start
  }

  /** Has `length` bytes from `position` on in the buffer. */
  #fill(position: number, length: number): void {
    const isInside = position >= this.#start && position <= this.#start + this.#length
    if (!isInside) this.#restart(position)
    const have = this.#start + this.#length - position
    if (have >= length) return
    this.#carry(position, have, length - have)
    while (this.#length < length) this.#readOn()
  }

  /** Reads begin at multiples of a chunk, so that the system copies whole pages of its cache. */
  #restart(position: number): void {
    this.#start = position - (position % this.#chunkBytes)
    this.#length = 0
    this.#carry(this.#start, 0, this.#chunkBytes)
    if (position > this.#start) this.#readOn()
  }

  /** Moves what is still wanted to just before the place that the next chunks are read to. */
  #carry(position: number, have: number, missing: number): void {
    const readAt = ALIGNED + Math.max(this.#chunkBytes, wholeChunks(have, this.#chunkBytes))
    const needed = readAt + wholeChunks(missing, this.#chunkBytes)
    const from = this.#bufferAt(position)
    const old = this.#buffer
    if (needed > old.length) this.#buffer = Buffer.allocUnsafeSlow(needed)
    old.copy(this.#buffer, readAt - have, from, from + have)
    this.#start = position
    this.#at = readAt - have
    this.#length = have
  }

  #readOn(): void {
    const position = this.#start + this.#length
    const wanted = Math.min(this.#chunkBytes - (position % this.#chunkBytes), this.end - position)
    const at = this.#at + this.#length
    const count = this.file.read(this.#buffer.subarray(at, at + wanted), position)
    this.readBytes += count
    this.#length += count
    if (count < wanted) throw shrunk(this.file.path, this.end, position + count)
  }
}

function wholeChunks(sizeBytes: number, chunkBytes: number): number {
  return Math.ceil(sizeBytes / chunkBytes) * chunkBytes
}

function cut(position: number, left: number, needed: number): Damage {
  return damage('cut', position, left, `it needs ${needed} bytes, ${left} are there`, { needed })
}

function tooLarge(position: number, left: number, length: number): Damage {
  return damage('length', position, left, `its length is ${length}, more than any batch has`, { length })
}

function shrunk(path: string, before: number, now: number): FailedError {
  return new FailedError('file-shrank', `${path} had ${before} bytes and ends at ${now} by now`, {
    hint: 'somebody truncates it while it is read; try again, or read a copy',
    details: { path, before, now },
  })
}
