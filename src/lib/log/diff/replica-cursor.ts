import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { BatchFeed } from '../batch-feed.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'

/** Where a copy cannot be read any more. */
export interface BrokenAt {
  readonly file: string
  readonly position: number
  readonly finding: string
  /** What an unclean stop leaves at the end of the last segment: nothing was written there. */
  readonly isEnd: boolean
}

/**
 * Goes through a copy of a partition from an offset on: batch by batch as long as nobody asks for records,
 * then record by record to the end of the batch.
 */
export class ReplicaCursor {
  batch: RecordBatch | null = null
  /** At a record of the batch; null between two batches. */
  record: RecordCursor | null = null
  broken: BrokenAt | null = null
  readonly #disk: ReadableDisk
  readonly #from: Int64
  readonly #segments: Segment[]
  #segment: Segment | undefined
  #file: ReadableFile | undefined
  #feed: BatchFeed | undefined

  constructor(disk: ReadableDisk, { segments }: PartitionFolder, from: Int64) {
    this.#disk = disk
    this.#from = from
    this.#segments = segments.filter((_, i) => (segments[i + 1]?.baseOffset ?? Infinity) > from)
    this.nextBatch()
  }

  get file(): string {
    return this.#segment?.log.name ?? ''
  }

  /** Moves to the next batch, if there is one. */
  nextBatch(): void {
    this.record = null
    do this.batch = this.#next()
    while (this.batch !== null && this.batch.lastOffset < this.#from)
  }

  /** Moves to the next record of the batch, and behind its last one to the next batch. */
  nextRecord(): void {
    const { batch } = this
    if (batch === null) return
    try {
      this.record ??= openRecords(batch)
      if (!this.record.next()) this.nextBatch()
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      this.#breakAt(batch.position, cause.message, false)
    }
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }

  #next(): RecordBatch | null {
    if (this.broken !== null) return null
    for (;;) {
      const found = this.#feed?.next()
      if (found?.kind === 'batch') return found
      if (found !== undefined) return this.#damaged(found)
      if (!this.#openNext()) return null
    }
  }

  #openNext(): boolean {
    const segment = this.#segments.shift()
    if (segment === undefined) return false
    this.close()
    this.#segment = segment
    this.#file = this.#disk.openToRead(segment.log.path)
    this.#feed = new BatchFeed(this.#file)
    return true
  }

  #damaged({ reason, position, finding }: Damage): null {
    const isLast = this.#segments.length === 0
    this.#breakAt(position, finding, isLast && (reason === 'zeros' || reason === 'cut'))
    return null
  }

  #breakAt(position: number, finding: string, isEnd: boolean): void {
    this.broken = { file: this.file, position, finding, isEnd }
    this.batch = null
    this.record = null
  }
}
