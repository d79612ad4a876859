import { batchLayout } from '../../records/batch-layout.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { headerAt } from '../batch-headers.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import { type HeaderWindow, soundHeader } from './header-window.ts'
import type { LogSegment } from './log-segment.ts'
import type { LogSlice, ReadWish } from './partition-log.ts'
import { batchesFrom } from './record-search.ts'

/** Where a batch lies. */
interface BatchPlace {
  readonly position: number
  readonly sizeBytes: number
  readonly baseOffset: number
  readonly lastOffset: number
}

/** Where a slice ended, which is where its reader goes on: nothing before it ends at or above the offset. */
interface Seam {
  readonly segment: LogSegment
  readonly position: number
  readonly offset: number
  /** What follows, if anything does yet. */
  readonly next: BatchPlace | undefined
}

/** The segments of a log, by ascending base offset; there is always one, and the last one is written to. */
export class LogSegments {
  readonly #headers: HeaderWindow
  #all: readonly LogSegment[]
  #seam: Seam | undefined

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
    this.#seam = undefined
  }

  /** One stands for several from now on. */
  replace(old: readonly LogSegment[], segment: LogSegment): void {
    const kept = this.#all.filter((each) => !old.includes(each))
    const after = kept.findIndex(({ baseOffset }) => baseOffset > segment.baseOffset)
    this.#all = kept.toSpliced(after === -1 ? kept.length : after, 0, segment)
    this.#seam = undefined
    this.#headers.forget()
  }

  /** Their folder has another name. */
  relocate(folder: string): void {
    for (const segment of this.#all) segment.relocate(folder)
  }

  /** From the one on that may hold the offset. */
  from(offset: number): readonly LogSegment[] {
    let i = this.#all.length - 1
    while (i > 0 && (this.#all[i] as LogSegment).baseOffset > offset) i--
    return i === 0 ? this.#all : this.#all.slice(i)
  }

  read(offset: number, wish: ReadWish, logEndOffset: number): LogSlice | undefined {
    const { maxBytes, upTo, atLeastOne } = wish
    this.#headers.forget()
    for (const segment of this.from(offset)) {
      const first = this.#first(segment, offset)
      if (first === undefined) continue
      const { position, sizeBytes, baseOffset } = first
      if (baseOffset >= upTo || (sizeBytes > maxBytes && !atLeastOne)) return undefined
      const below = this.#endBelow(segment, upTo, logEndOffset)
      const sliceBytes = Math.max(sizeBytes, Math.min(maxBytes, below - position))
      return {
        file: segment.file,
        position,
        sizeBytes: sliceBytes,
        baseOffset,
        indexedEnd: () =>
          segment.offsetFrom(position + sliceBytes) ?? this.#after(segment)?.baseOffset ?? logEndOffset,
        isCold: segment !== this.active,
        whole: (bytes) => this.#whole(bytes, segment, first, logEndOffset),
      }
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
  abortedTransactions(fromOffset: number, upTo: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = []
    for (const { txnindex } of this.from(fromOffset)) {
      for (const entry of txnindex.entries) {
        if (entry.lastOffset >= fromOffset && entry.firstOffset < upTo) found.push(entry)
        // Whatever ends later begins behind this place.
        if (entry.lastStableOffset >= upTo) return found
      }
    }
    return found
  }

  #after(segment: LogSegment): LogSegment | undefined {
    return this.#all[this.#all.indexOf(segment) + 1]
  }

  /** The first batch of the segment that ends at or above the offset. */
  #first(segment: LogSegment, offset: number): BatchPlace | undefined {
    const seam = this.#seam
    if (seam?.segment !== segment || seam.offset > offset) return placeOf(segment.find(offset))
    const { next } = seam
    return next !== undefined && offset <= next.lastOffset
      ? next
      : placeOf(segment.find(offset, seam.position))
  }

  /** Of bytes that begin with a batch: up to where the last whole one ends, which is where their reader goes on. */
  #whole(bytes: Buffer, segment: LogSegment, first: BatchPlace, logEndOffset: number): Buffer {
    const start = first.position
    const limit = start + bytes.length
    this.#headers.forget()
    let end = Math.max(start + first.sizeBytes, segment.positionWithin(limit))
    let next = this.#headerIn(bytes, start, end, segment)
    while (next !== undefined && end + next.sizeBytes <= limit) {
      end += next.sizeBytes
      next = this.#headerIn(bytes, start, end, segment)
    }
    this.#seam = this.#seamAt(segment, end, placeOf(next), logEndOffset)
    return bytes.subarray(0, end - start)
  }

  /** From memory, where it lies there as a whole. */
  #headerIn(bytes: Buffer, start: number, position: number, segment: LogSegment): RecordBatch | undefined {
    const { file, sizeBytes } = segment
    if (position + batchLayout.records > start + bytes.length)
      return this.#headers.at(file, position, sizeBytes)
    return soundHeader(headerAt(bytes, position - start, position), sizeBytes)
  }

  #seamAt(
    segment: LogSegment,
    position: number,
    next: BatchPlace | undefined,
    logEndOffset: number,
  ): Seam | undefined {
    if (next !== undefined) return { segment, position, offset: next.baseOffset, next }
    const isEnd = position === segment.sizeBytes && segment === this.active
    return isEnd ? { segment, position, offset: logEndOffset, next } : undefined
  }

  /** Where in the segment those batches end that begin below the offset. */
  #endBelow(segment: LogSegment, upTo: number, logEndOffset: number): number {
    const following = this.#all[this.#all.indexOf(segment) + 1]
    if (upTo >= (following?.baseOffset ?? logEndOffset)) return segment.sizeBytes
    // What lies before the damage can be read.
    const batch = segment.find(upTo, 0, true)
    if (batch === undefined) return segment.sizeBytes
    return beginOf(batch) >= upTo ? batch.position : batch.position + batch.sizeBytes
  }
}

function placeOf(batch: RecordBatch | undefined): BatchPlace | undefined {
  if (batch === undefined) return undefined
  const { position, sizeBytes, lastOffset } = batch
  return { position, sizeBytes, baseOffset: beginOf(batch), lastOffset: Number(lastOffset) }
}

function beginOf(batch: RecordBatch): number {
  return Number(batch.baseOffset ?? batch.lastOffset)
}
