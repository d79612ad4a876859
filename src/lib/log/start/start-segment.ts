import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { BatchHeaders } from '../batch-headers.ts'
import type { Segment, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import { lookUp, type Slots, slotsOf } from './index-slots.ts'
import { LogWalk } from './log-walk.ts'
import type { ReadSegment } from './producer-state.ts'

/** Bytes of an index after the start. */
export interface StartIndex {
  readonly before: SegmentFile | undefined
  /** Nothing as long as it is what it was. */
  rebuilt: Buffer | undefined
}

/** What somebody has read of a log before. */
export interface KnownBatches {
  /** All batches before this position are sound. */
  readonly soundUpTo: number
  /** Of some of them. */
  readonly headers?: BatchHeaders
}

const WHOLE_INT = 2 ** 31

/** A segment while a broker starts on it. */
export class StartSegment implements ReadSegment {
  readonly baseOffset: Int64
  readonly log: SegmentFile
  readonly index: StartIndex
  readonly timeindex: StartIndex
  readonly txnindex: StartIndex
  sizeBytes: number
  #slots: Slots | undefined
  readonly #disk: ReadableDisk
  readonly #file: ReadableFile
  readonly #known: KnownBatches

  constructor(disk: ReadableDisk, file: ReadableFile, segment: Segment, known: KnownBatches) {
    this.#disk = disk
    this.#file = file
    this.#known = known
    this.baseOffset = segment.baseOffset
    this.log = segment.log
    this.sizeBytes = Math.min(segment.log.sizeBytes, file.sizeBytes())
    this.index = { before: segment.index, rebuilt: undefined }
    this.timeindex = { before: segment.timeindex, rebuilt: undefined }
    this.txnindex = { before: segment.txnindex, rebuilt: undefined }
  }

  bytesOf(index: StartIndex): Buffer {
    return (
      index.rebuilt ??
      (index.before === undefined ? Buffer.alloc(0) : readSmallFile(this.#disk, index.before.path))
    )
  }

  walk(from = 0): LogWalk {
    const { soundUpTo, headers } = this.#known
    return new LogWalk(this.#file, from, this.sizeBytes, soundUpTo, headers)
  }

  /** The batches in about so many bytes at its end. */
  walkEnd(sizeBytes: number): LogWalk {
    const slots = this.#indexSlots()
    let slot = slots.count - 1
    while (slot >= 0 && slots.position(slot) > this.sizeBytes - sizeBytes) slot--
    return this.walk(slot < 0 ? 0 : slots.position(slot))
  }

  setIndex(bytes: Buffer): void {
    this.index.rebuilt = bytes
    this.#slots = undefined
  }

  /** Offsets beside the base; nothing where an index has no room for it. */
  relative(offset: Int64): number | undefined {
    const relative = subtractInt64(offset, this.baseOffset)
    return relative >= 0 && relative < WHOLE_INT ? Number(relative) : undefined
  }

  walkFrom(offset: Int64): { walk: LogWalk; first: RecordBatch } | undefined {
    const relative = subtractInt64(offset, this.baseOffset)
    const from = lookUp(this.#indexSlots(), Number(relative))
    const walk = this.walk(from)
    for (let batch = walk.next(); batch !== undefined; batch = walk.next()) {
      if (batch.lastOffset >= offset) return { walk, first: batch }
    }
    return undefined
  }

  /** Read from where the index ends, and not further back: what a broker takes for the end of the segment. */
  nextOffset(): Int64 {
    const slots = this.#indexSlots()
    const last = slots.count === 0 ? 0 : slots.offset(slots.count - 1)
    const found = this.walkFrom(addInt64(this.baseOffset, last))
    if (found === undefined) return this.baseOffset
    let end = found.first.lastOffset
    for (let batch = found.walk.next(); batch !== undefined; batch = found.walk.next()) end = batch.lastOffset
    return addInt64(end, 1)
  }

  #indexSlots(): Slots {
    this.#slots ??= slotsOf(this.bytesOf(this.index))
    return this.#slots
  }
}
