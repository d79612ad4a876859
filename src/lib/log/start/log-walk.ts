import { crc32 } from '../../bytes/crc32.ts'
import { crc32c } from '../../bytes/crc32c.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import {
  batchLayout,
  HEADER_UP_TO_MAGIC,
  LENGTH,
  MAGIC,
  SMALLEST_LENGTH,
  smallestBatch,
} from '../../records/batch-layout.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { LegacyRecordBatch } from '../../records/legacy-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import { type BatchHeaders, headerAt } from '../batch-headers.ts'

const PIECE_BYTES = 1024 * 1024
/** Headers are mostly far from each other. */
const HEADERS_BYTES = 4096

/** Kafka's reader met a length that no batch has. Where this is not expected, the broker does not start. */
export class UnreadableLength extends Error {}

/**
 * The batches as Kafka's own reader of files comes upon them: it ends silently where a header or a batch is not
 * whole, takes every magic above 2 for 2, and believes all that it is not asked to check.
 */
export class LogWalk {
  readonly #bytes: BatchFeed
  readonly #end: number
  readonly #header = Buffer.alloc(batchLayout.records)
  readonly #soundUpTo: number
  readonly #known: BatchHeaders | undefined
  #index = 0
  #position: number

  /** What lies before `soundUpTo` was checked already; headers of it may be known. */
  constructor(file: ReadableFile, from: number, end: number, soundUpTo = 0, known?: BatchHeaders) {
    this.#bytes = new BatchFeed(file, { end, chunkBytes: HEADERS_BYTES })
    this.#end = end
    this.#position = from
    this.#soundUpTo = soundUpTo
    this.#known = known
  }

  get position(): number {
    return this.#position
  }

  /** Its header, until the next is asked for: what lies behind it is not there. */
  next(): RecordBatch | undefined {
    const position = this.#position
    if (position >= this.#end - HEADER_UP_TO_MAGIC) return undefined
    const known = this.#knownAt(position)
    const header = known ?? this.#read(position)
    const end = position + header.sizeBytes
    if (end > this.#end) return undefined
    this.#position = end
    return header
  }

  #knownAt(position: number): RecordBatch | undefined {
    const known = this.#known
    if (known === undefined || position >= this.#soundUpTo) return undefined
    let batch = known.at(this.#index)
    if (batch?.position !== position) {
      this.#index = known.indexOf(position)
      batch = known.at(this.#index)
    }
    this.#index++
    return batch
  }

  #read(position: number): RecordBatch {
    const there = this.#bytes.peek(position, batchLayout.records)
    // Whoever looks at the rest of the batch moves the window on.
    const header = this.#header.fill(0, there.length)
    there.copy(header)
    const length = header.readInt32BE(LENGTH)
    if (length < SMALLEST_LENGTH)
      throw new UnreadableLength(`at position ${position} stands the length ${length}`)
    return headerAt(header, 0, position)
  }

  isSound(batch: RecordBatch): boolean {
    const { position, sizeBytes } = batch
    if (position + sizeBytes <= this.#soundUpTo) return true
    const isLegacy = batch instanceof LegacyRecordBatch
    if (sizeBytes < smallestBatch(isLegacy ? batch.magic : 2)) return false
    const sum = isLegacy ? crc32 : crc32c
    let at = position + (isLegacy ? MAGIC : batchLayout.attributes)
    const stored = batch.crc
    let crc = 0
    for (const end = position + sizeBytes; at < end; at += PIECE_BYTES) {
      const piece = this.#bytes.peek(at, Math.min(PIECE_BYTES, end - at))
      crc = sum(piece, 0, piece.length, crc)
    }
    return crc === stored
  }

  /** All of a batch, for the few whose records matter. */
  whole({ position, sizeBytes }: RecordBatch): DefaultRecordBatch {
    return new DefaultRecordBatch(this.#bytes.peek(position, sizeBytes), 0, position)
  }
}
