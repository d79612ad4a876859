import type { ReadableFile } from '../../ports/disk.ts'
import { LENGTH, LOG_OVERHEAD } from '../../records/batch-layout.ts'
import { damageError } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { batchAt } from '../../records/scan-batches.ts'
import { PiecesAhead } from './pieces-ahead.ts'

export interface ChunkRange {
  readonly from: number
  readonly end: number
  /** What is read at a time; more only where a batch is larger. */
  readonly chunkBytes: number
}

/** Beyond what any broker takes by default a hundred times over; memory stays bounded whatever a header says. */
const LARGEST_BATCH_BYTES = 128 * 1024 * 1024

/**
 * The batches of a closed segment, read piece by piece without making anybody wait for the disk. A batch is good
 * until the next piece is read. What is not sound is thrown: of damage the cleaner must not make a sound batch.
 */
export class BatchChunks {
  readonly #pieces: PiecesAhead
  readonly #end: number
  /** What was read and is not taken yet, from `#at` on. */
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  /** Where in the file the bytes begin. */
  #start: number

  constructor(file: ReadableFile, { from, end, chunkBytes }: ChunkRange) {
    this.#pieces = new PiecesAhead(file, from, end, chunkBytes)
    this.#start = from
    this.#end = end
  }

  /** Reads the next piece; returns how many bytes, none at the end. */
  async more(): Promise<number> {
    const rest = this.#bytes.subarray(this.#at)
    this.#start += this.#at
    this.#at = 0
    this.#bytes = await this.#pieces.behind(rest, this.#awaitedBytes(rest))
    return this.#bytes.length - rest.length
  }

  /** The next batch that is whole in what was read. */
  next(): RecordBatch | undefined {
    const left = this.#bytes.subarray(this.#at)
    if (left.length === 0 || left.length < this.#awaitedBytes(left)) return undefined
    const found = batchAt(this.#bytes, this.#at, this.#start + this.#at, this.#bytes.length)
    if (found.kind !== 'batch') throw damageError(found)
    const damage = found.damage()
    if (damage !== null) throw damageError(damage)
    this.#at += found.sizeBytes
    return found
  }

  /** How many bytes the batch has that begins here; 0 where its header says what cannot be. */
  #awaitedBytes(left: Buffer): number {
    const isCut = left.length < LOG_OVERHEAD
    const sizeBytes = LOG_OVERHEAD + (isCut ? 0 : Math.max(0, left.readInt32BE(LENGTH)))
    const isInside = this.#start + this.#at + sizeBytes <= this.#end
    return isInside && sizeBytes <= LARGEST_BATCH_BYTES ? sizeBytes : 0
  }
}
