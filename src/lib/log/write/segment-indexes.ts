import { basename, join } from 'node:path'
import { writeInt64 } from '../../bytes/int64.ts'
import type { Disk } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { AbortedIndex } from './aborted-index.ts'
import { lastWhere, offsetAt, timeAt } from './index-search.ts'
import type { LogRoom } from './log-room.ts'
import { SegmentIndex } from './segment-index.ts'

/** The latest time in a segment, and the last offset of its batch. −1 where no batch has one. */
export interface LargestTimestamp {
  readonly timestamp: number
  readonly offset: number
}

/** The indexes of a segment: where an offset or a time is in it, and what was aborted there. */
export class SegmentIndexes {
  readonly aborted: AbortedIndex
  readonly #disk: Disk
  readonly #baseOffset: number
  readonly #offsets: SegmentIndex
  readonly #times: SegmentIndex
  #bytesSinceEntry = 0
  #largest: LargestTimestamp | undefined

  constructor(room: LogRoom, folder: string, baseOffset: number, ending: string) {
    const path = (kind: 'index' | 'timeindex' | 'txnindex') =>
      join(folder, segmentFileName(baseOffset, kind) + ending)
    this.#disk = room.disk
    this.#baseOffset = baseOffset
    this.#offsets = new SegmentIndex(room, path('index'), OFFSET_ENTRY_BYTES)
    this.#times = new SegmentIndex(room, path('timeindex'), TIME_ENTRY_BYTES)
    this.aborted = new AbortedIndex(room.disk, path('txnindex'))
  }

  get paths(): readonly string[] {
    return [this.#offsets.path, this.#times.path, this.aborted.path]
  }

  /** Gives those that are there other names. */
  move(rename: (path: string) => string): void {
    for (const index of [this.#offsets, this.#times, this.aborted]) {
      const path = rename(index.path)
      if (this.#disk.stat(index.path) !== undefined) this.#disk.rename(index.path, path)
      index.path = path
    }
  }

  /** Their folder has another name. */
  relocate(folder: string): void {
    for (const index of [this.#offsets, this.#times, this.aborted])
      index.path = join(folder, basename(index.path))
  }

  get offsetEntries(): number {
    return this.#offsets.count
  }

  get timeEntries(): number {
    return this.#times.count
  }

  get largestTimestamp(): LargestTimestamp {
    this.#largest ??= this.#lastTimeEntry()
    return this.#largest
  }

  preallocate(roomBytes: number): void {
    this.#offsets.preallocate(roomBytes)
    this.#times.preallocate(roomBytes)
  }

  /** Notes a batch that was appended; entries are so many bytes apart. */
  add(batch: RecordBatch, position: number, intervalBytes: number): void {
    const timestamp = Number(batch.maxTimestamp)
    const lastOffset = Number(batch.lastOffset)
    if (timestamp > this.largestTimestamp.timestamp) this.#largest = { timestamp, offset: lastOffset }
    if (this.#bytesSinceEntry > intervalBytes) {
      this.#addOffset(lastOffset, position)
      this.#addTime(this.largestTimestamp)
      this.#bytesSinceEntry = 0
    }
    this.#bytesSinceEntry += batch.sizeBytes
  }

  /** Nothing below this place ends at or above the offset. */
  positionBelow(offset: number): number {
    const bytes = this.#offsets.bytes()
    const relative = offset - this.#baseOffset
    const entry = lastWhere(this.#offsets.count, (each) => offsetAt.relative(bytes, each) <= relative)
    return entry === -1 ? 0 : offsetAt.position(bytes, entry)
  }

  /** Nothing below this place is as late as the timestamp. */
  positionAtTime(timestamp: number, fromOffset: number): number {
    const bytes = this.#times.bytes()
    const entry = lastWhere(this.#times.count, (each) => timeAt.timestamp(bytes, each) <= timestamp)
    const known = entry === -1 ? this.#baseOffset : this.#baseOffset + timeAt.relative(bytes, entry)
    return this.positionBelow(Math.max(known, fromOffset))
  }

  /** The last place at or below `limit` where a batch is known to begin. */
  positionWithin(limit: number): number {
    const bytes = this.#offsets.bytes()
    const entry = lastWhere(this.#offsets.count, (each) => offsetAt.position(bytes, each) <= limit)
    return entry === -1 ? 0 : offsetAt.position(bytes, entry)
  }

  /** Of the first batch that is known to begin at or above `limit`. */
  offsetFrom(limit: number): number | undefined {
    const bytes = this.#offsets.bytes()
    const entry = 1 + lastWhere(this.#offsets.count, (each) => offsetAt.position(bytes, each) < limit)
    return entry === this.#offsets.count ? undefined : this.#baseOffset + offsetAt.relative(bytes, entry)
  }

  /** The files get what they have not. */
  writeOut(): void {
    this.#offsets.writeOut()
    this.#times.writeOut()
    this.aborted.writeOut()
  }

  /** As a segment has them behind the one that is written to: the latest time is their last entry. */
  end(): void {
    this.#addTime(this.largestTimestamp)
    this.#offsets.trim()
    this.#times.trim()
    this.aborted.writeOut()
  }

  #addOffset(offset: number, position: number): void {
    this.#offsets.add((bytes, at) => {
      bytes.writeInt32BE(offset - this.#baseOffset, at)
      bytes.writeInt32BE(position, at + 4)
    })
  }

  #addTime({ timestamp, offset }: LargestTimestamp): void {
    if (timestamp <= this.#lastTimeEntry().timestamp) return
    this.#times.add((bytes, at) => {
      writeInt64(bytes, at, timestamp)
      bytes.writeInt32BE(offset - this.#baseOffset, at + 8)
    })
  }

  #lastTimeEntry(): LargestTimestamp {
    const last = this.#times.count - 1
    if (last < 0) return { timestamp: -1, offset: this.#baseOffset }
    const bytes = this.#times.bytes()
    return {
      timestamp: timeAt.timestamp(bytes, last),
      offset: this.#baseOffset + timeAt.relative(bytes, last),
    }
  }
}
