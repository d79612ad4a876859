import { DataError } from '../../errors.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import { LENGTH, LOG_OVERHEAD } from '../../records/batch-layout.ts'
import { damageError } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { batchAt } from '../../records/scan-batches.ts'

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
  readonly #file: ReadableFile
  readonly #end: number
  #buffer: Buffer
  /** Where in the file the buffer begins, and how much of it is filled. */
  #start: number
  #length = 0
  #at = 0

  constructor(file: ReadableFile, { from, end, chunkBytes }: ChunkRange) {
    this.#file = file
    this.#start = from
    this.#end = end
    this.#buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(0, end - from)))
  }

  /** Reads the next piece; returns how many bytes, none at the end. */
  async more(): Promise<number> {
    this.#keepRest()
    const position = this.#start + this.#length
    const wanted = Math.min(this.#buffer.length - this.#length, this.#end - position)
    if (wanted <= 0) return 0
    const room = this.#buffer.subarray(this.#length, this.#length + wanted)
    const count = await this.#file.readCold(room, position)
    this.#length += count
    if (count < wanted) throw shrunk(this.#file.path, position + count)
    return count
  }

  /** The next batch that is whole in what was read. */
  next(): RecordBatch | undefined {
    const left = this.#length - this.#at
    if (left === 0) return undefined
    const needed = this.#neededBytes()
    const position = this.#start + this.#at
    if (left < needed && position + needed <= this.#end && needed <= LARGEST_BATCH_BYTES) return undefined
    const found = batchAt(this.#buffer, this.#at, position, this.#length)
    if (found.kind !== 'batch') throw damageError(found)
    const damage = found.damage()
    if (damage !== null) throw damageError(damage)
    this.#at += found.sizeBytes
    return found
  }

  /** Of the batch that begins here; no more of it is there than its first bytes, maybe. */
  #neededBytes(): number {
    if (this.#length - this.#at < LOG_OVERHEAD) return LOG_OVERHEAD
    return LOG_OVERHEAD + Math.max(0, this.#buffer.readInt32BE(this.#at + LENGTH))
  }

  /** Moves what was not taken yet to the front of the buffer, which grows if a batch needs it. */
  #keepRest(): void {
    const left = this.#length - this.#at
    const needed = left === 0 ? 0 : this.#neededBytes()
    const room = needed > this.#buffer.length ? Buffer.allocUnsafe(needed) : this.#buffer
    this.#buffer.copy(room, 0, this.#at, this.#length)
    this.#buffer = room
    this.#start += this.#at
    this.#length = left
    this.#at = 0
  }
}

function shrunk(path: string, position: number): DataError {
  return new DataError('damaged-log', `${path} ends at ${position}, sooner than it did`, {
    details: { path, position },
  })
}
