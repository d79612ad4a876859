import type { RecordBatch } from '../../records/record-batch.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import type { HeaderWindow } from './header-window.ts'
import type { LogSegment } from './log-segment.ts'
import type { LogSlice, ReadWish } from './partition-log.ts'
import { batchesFrom } from './record-search.ts'

/** The segments of a log, by ascending base offset; there is always one, and the last one is written to. */
export class LogSegments {
  readonly #headers: HeaderWindow
  #all: readonly LogSegment[]

  constructor(headers: HeaderWindow, all: readonly LogSegment[]) {
    this.#headers = headers
    this.#all = all
  }

  get all(): readonly LogSegment[] {
    return this.#all
  }

  get active(): LogSegment {
    return this.#all[this.#all.length - 1] as LogSegment
  }

  get sizeBytes(): number {
    return this.#all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  add(segment: LogSegment): void {
    this.#all = [...this.#all, segment]
  }

  remove(gone: readonly LogSegment[]): void {
    this.#all = this.#all.filter((segment) => !gone.includes(segment))
  }

  /** From the one on that may hold the offset. */
  from(offset: number): readonly LogSegment[] {
    let i = this.#all.length - 1
    while (i > 0 && (this.#all[i] as LogSegment).baseOffset > offset) i--
    return i === 0 ? this.#all : this.#all.slice(i)
  }

  read(offset: number, { maxBytes, upTo, atLeastOne }: ReadWish): LogSlice | undefined {
    this.#headers.forget()
    for (const segment of this.from(offset)) {
      const first = segment.find(offset)
      if (first === undefined) continue
      const { position, sizeBytes } = first
      const baseOffset = beginOf(first)
      if (baseOffset >= upTo || (sizeBytes > maxBytes && !atLeastOne)) return undefined
      const limit = Math.max(sizeBytes, Math.min(maxBytes, this.#endBelow(segment, upTo) - position))
      const end = segment.endWithin(position + sizeBytes, position + limit)
      const isCold = segment !== this.active
      return { file: segment.file, position, sizeBytes: end - position, baseOffset, isCold }
    }
    return undefined
  }

  *batches(fromOffset: number): Generator<RecordBatch, void, undefined> {
    for (const segment of this.from(fromOffset)) {
      this.#headers.forget()
      const first = segment.find(fromOffset)
      if (first !== undefined) yield* batchesFrom(segment, first.position)
    }
  }

  /** Those that end at or above an offset and begin below another. */
  abortedTransactions(fromOffset: number, upTo: number): { producerId: number; firstOffset: number }[] {
    const found: AbortedTransaction[] = []
    for (const { txnindex } of this.from(fromOffset)) {
      for (const entry of txnindex.entries) {
        if (entry.lastOffset >= fromOffset && entry.firstOffset < upTo) found.push(entry)
        // Whatever ends later begins behind this place.
        if (entry.lastStableOffset >= upTo) return found.map(inNumbers)
      }
    }
    return found.map(inNumbers)
  }

  /** Where in the segment those batches end that begin below the offset. */
  #endBelow(segment: LogSegment, upTo: number): number {
    // What lies before the damage can be read.
    const batch = segment.find(upTo, true)
    if (batch === undefined) return segment.sizeBytes
    return beginOf(batch) >= upTo ? batch.position : batch.position + batch.sizeBytes
  }
}

function beginOf(batch: RecordBatch): number {
  return Number(batch.baseOffset ?? batch.lastOffset)
}

function inNumbers({ producerId, firstOffset }: AbortedTransaction) {
  return { producerId: Number(producerId), firstOffset: Number(firstOffset) }
}
