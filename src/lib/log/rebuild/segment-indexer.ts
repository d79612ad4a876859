import { type Int64, subtractInt64, writeInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { NO_TIMESTAMP } from '../../records/attributes.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import type { EntryOutput } from './entry-output.ts'

/** Where the entries go; nowhere for an index that nobody wants. */
export interface IndexOutputs {
  readonly index: EntryOutput | undefined
  readonly timeindex: EntryOutput | undefined
  readonly txnindex: EntryOutput | undefined
}

/** A segment's indexes hold offsets relative to its base, in an int32. */
const LARGEST_RELATIVE = 2 ** 31 - 1

/** Writes the entries that a broker writes when it recovers a segment, batch after batch. */
export class SegmentIndexer {
  readonly #baseOffset: Int64
  readonly #intervalBytes: number
  readonly #outputs: IndexOutputs
  #lastOffset: Int64 | undefined
  #indexedPosition = 0
  #largest: { timestamp: Int64; relative: number } = { timestamp: NO_TIMESTAMP, relative: 0 }
  #lastTimestamp: Int64 = NO_TIMESTAMP

  constructor(baseOffset: Int64, intervalBytes: number, outputs: IndexOutputs) {
    this.#baseOffset = baseOffset
    this.#intervalBytes = intervalBytes
    this.#outputs = outputs
  }

  add(batch: RecordBatch, aborted: AbortedTransaction | null): void {
    const relative = this.#relativeOf(batch)
    // The offset in a time entry is the batch's last, whichever record has the timestamp.
    if (batch.maxTimestamp > this.#largest.timestamp) {
      this.#largest = { timestamp: batch.maxTimestamp, relative }
    }
    if (batch.position - this.#indexedPosition > this.#intervalBytes) {
      this.#addOffset(relative, batch.position)
      this.#addTime()
      this.#indexedPosition = batch.position
    }
    if (aborted !== null) this.#addAborted(aborted)
  }

  /** A segment that is closed well ends its time index with the largest timestamp of all. */
  end(): void {
    this.#addTime()
  }

  #relativeOf(batch: RecordBatch): number {
    const { lastOffset, position } = batch
    const relative = Number(subtractInt64(lastOffset, this.#baseOffset))
    if (relative < 0 || relative > LARGEST_RELATIVE) {
      throw unsound(position, `ends at offset ${lastOffset}, which no index of this segment can hold`)
    }
    if (this.#lastOffset !== undefined && lastOffset <= this.#lastOffset) {
      throw unsound(position, `ends at offset ${lastOffset}, though ${this.#lastOffset} came before`)
    }
    this.#lastOffset = lastOffset
    return relative
  }

  #addOffset(relative: number, position: number): void {
    const entry = this.#outputs.index?.next()
    entry?.writeInt32BE(relative, 0)
    entry?.writeInt32BE(position, 4)
  }

  #addTime(): void {
    const { timestamp, relative } = this.#largest
    if (timestamp <= this.#lastTimestamp) return
    this.#lastTimestamp = timestamp
    const entry = this.#outputs.timeindex?.next()
    if (entry === undefined) return
    writeInt64(entry, 0, timestamp)
    entry.writeInt32BE(relative, 8)
  }

  #addAborted(aborted: AbortedTransaction): void {
    const entry = this.#outputs.txnindex?.next()
    if (entry === undefined) return
    entry.writeInt16BE(aborted.version, 0)
    writeInt64(entry, 2, aborted.producerId)
    writeInt64(entry, 10, aborted.firstOffset)
    writeInt64(entry, 18, aborted.lastOffset)
    writeInt64(entry, 26, aborted.lastStableOffset)
  }
}

function unsound(position: number, finding: string): DataError {
  return new DataError('unsound-log', `the batch at position ${position} ${finding}`, {
    details: { position },
  })
}
