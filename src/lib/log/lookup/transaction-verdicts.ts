import type { Int64 } from '../../bytes/int64.ts'
import { DataError, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { readTransactionIndex } from '../read-transaction-index.ts'
import { markerOf } from '../state/producer-states.ts'
import { logBatches } from './log-batches.ts'
import { Search } from './search.ts'

interface Ending {
  /** Of the marker. */
  readonly offset: Int64
  /** Where the transaction began, where the transaction index says so. */
  readonly firstOffset: Int64 | undefined
  readonly isAbort: boolean
}

/**
 * How transactions have ended, asked batch by batch in the order of the log. The answer stands in the next marker of
 * the batch's producer; a second reader runs ahead for it, and only where there are transactions at all. Brokers go
 * by the `.txnindex` alone, and give out aborted records as committed where that file is lost; here it stands in for
 * markers that cannot be read.
 */
export class TransactionVerdicts {
  readonly #search: Search
  readonly #disk: ReadableDisk
  readonly #endings = new Map<Int64, Ending[]>()
  readonly #remarks: string[] = []
  #ahead: Generator<RecordBatch, void, undefined> | undefined

  constructor(disk: ReadableDisk, folder: PartitionFolder) {
    this.#disk = disk
    this.#search = new Search(disk, folder)
  }

  /** Sentences about files that could not be used. */
  get remarks(): string[] {
    return [...this.#remarks, ...this.#search.remarks, ...this.#search.damages]
  }

  isAborted(batch: RecordBatch): boolean {
    const { isTransactional, isControl, producerId, baseOffset } = batch
    if (!isTransactional || isControl || baseOffset === null) return false
    const ending = this.#endingOf(producerId, baseOffset)
    if (ending === undefined || !ending.isAbort) return false
    return ending.firstOffset === undefined || baseOffset >= ending.firstOffset
  }

  close(): void {
    this.#ahead?.return()
  }

  #endingOf(producerId: Int64, offset: Int64): Ending | undefined {
    this.#ahead ??= logBatches(this.#search, offset, (segment) => this.#addIndexed(segment))
    for (;;) {
      const ending = this.#known(producerId, offset)
      if (ending !== undefined) return ending
      const { value } = this.#ahead.next()
      if (value === undefined) return undefined
      if (value.isControl && value.producerId >= 0) this.#addMarker(value)
    }
  }

  #known(producerId: Int64, offset: Int64): Ending | undefined {
    const endings = this.#endings.get(producerId)
    if (endings === undefined) return undefined
    const first = endings.findIndex((ending) => ending.offset > offset)
    if (first > 0) endings.splice(0, first)
    return first === -1 ? undefined : endings[0]
  }

  #addMarker(batch: RecordBatch): void {
    try {
      const marker = markerOf(batch)
      if (marker === undefined) return
      this.#add(batch.producerId, {
        offset: marker.offset,
        firstOffset: undefined,
        isAbort: marker.isAbort,
      })
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      this.#remarks.push(`the marker at offset ${batch.lastOffset} cannot be read: ${cause.message}`)
    }
  }

  #addIndexed(segment: Segment): void {
    try {
      for (const { producerId, firstOffset, lastOffset } of readTransactionIndex(this.#disk, segment)) {
        this.#add(producerId, { offset: lastOffset, firstOffset, isAbort: true })
      }
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      const name = segmentFileName(segment.baseOffset, 'txnindex')
      this.#remarks.push(`${name} is not used: ${cause.message}`)
    }
  }

  /** In the order of the markers: entries of an index come before the markers that they are of. */
  #add(producerId: Int64, ending: Ending): void {
    const endings = this.#endings.get(producerId) ?? []
    this.#endings.set(producerId, endings)
    const at = endings.findIndex(({ offset }) => offset >= ending.offset)
    if (at === -1) endings.push(ending)
    else if (endings[at]?.offset !== ending.offset) endings.splice(at, 0, ending)
  }
}
