import { join } from 'node:path'
import { writeInt64 } from '../../bytes/int64.ts'
import { DataError, KtoolError } from '../../errors.ts'
import type { AppendableFile, ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { AbortedIndex } from './aborted-index.ts'
import { lastWhere, offsetAt, timeAt } from './index-search.ts'
import type { LogRoom } from './log-room.ts'
import type { LogSettings } from './partition-log.ts'
import type { RollFacts } from './roll-rules.ts'
import { SegmentIndex } from './segment-index.ts'

/** A segment of a log, with its indexes. */
export class LogSegment {
  readonly baseOffset: number
  readonly path: string
  readonly index: SegmentIndex
  readonly timeindex: SegmentIndex
  readonly txnindex: AbortedIndex
  readonly createdMs: number
  readonly jitterMs: number
  sizeBytes: number
  readonly #room: LogRoom
  #file: AppendableFile | undefined
  #preallocatedBytes = 0
  #isBegun = false
  #isLeft = false
  /** Bytes that were not to be there may lie behind the end. */
  #hasTail = false
  #bytesSinceEntry = 0
  #firstTimestamp: number | undefined
  #largest: { timestamp: number; offset: number } | undefined

  constructor(room: LogRoom, folder: string, baseOffset: number, sizeBytes: number, jitterMs = 0) {
    const beside = (kind: 'log' | 'index' | 'timeindex' | 'txnindex') =>
      join(folder, segmentFileName(baseOffset, kind))
    this.#room = room
    this.baseOffset = baseOffset
    this.sizeBytes = sizeBytes
    this.jitterMs = jitterMs
    this.createdMs = room.clock.nowMs()
    this.path = beside('log')
    this.index = new SegmentIndex(room, beside('index'), OFFSET_ENTRY_BYTES)
    this.timeindex = new SegmentIndex(room, beside('timeindex'), TIME_ENTRY_BYTES)
    this.txnindex = new AbortedIndex(room.disk, beside('txnindex'))
  }

  /** Its log is open for writing. */
  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** The file as it is to be read. */
  get file(): ReadableFile {
    return this.#file ?? this.#room.files.file(this.path)
  }

  /** The largest timestamp in it, and the last offset of its batch. −1 where no batch has one. */
  get largestTimestamp(): { timestamp: number; offset: number } {
    this.#largest ??= this.#lastTimeEntry()
    return this.#largest
  }

  /** Where no batch has a timestamp, the file has one. */
  retentionTimestamp(): number {
    const { timestamp } = this.largestTimestamp
    return timestamp >= 0 ? timestamp : (this.#room.disk.stat(this.path)?.modifiedMs ?? 0)
  }

  rollFacts(): RollFacts {
    const { baseOffset, sizeBytes, jitterMs, createdMs } = this
    if (this.#firstTimestamp === undefined && sizeBytes > 0) {
      const first = this.#room.headers.at(this.file, 0, sizeBytes)
      this.#firstTimestamp = first === undefined ? undefined : Number(first.maxTimestamp)
    }
    const counts = { offsetEntries: this.index.count, timeEntries: this.timeindex.count }
    return { baseOffset, sizeBytes, jitterMs, createdMs, firstTimestamp: this.#firstTimestamp, ...counts }
  }

  /** Makes its files as a segment has them that is about to be written to. */
  begin(settings: LogSettings): AppendableFile {
    try {
      const file = this.#openFile(settings)
      this.#isBegun = true
      this.index.preallocate(settings.segmentIndexBytes)
      this.timeindex.preallocate(settings.segmentIndexBytes)
      return file
    } catch (cause) {
      // A disk that is full is asked again and again, and each time another file would stay open.
      this.release()
      throw cause
    }
  }

  /** Adds the bytes at the end, or throws and adds nothing. */
  append(bytes: Buffer, batches: readonly RecordBatch[], settings: LogSettings): void {
    const file = this.#file ?? this.begin(settings)
    const start = this.sizeBytes
    if (this.#hasTail) this.#cutTail(file)
    try {
      file.write(bytes, start)
    } catch (cause) {
      this.#hasTail = true
      this.#cutTailIfPossible(file)
      throw cause
    }
    this.sizeBytes += bytes.length
    for (const batch of batches) this.#indexBatch(batch, start, settings.indexIntervalBytes)
  }

  /**
   * The first batch that ends at or above the offset, its header good until the next is looked at; nothing before
   * `from` does. Throws where damage comes first, unless that counts as none.
   */
  find(offset: number, from = 0, isDamageNone = false): RecordBatch | undefined {
    const { file, sizeBytes } = this
    const { headers } = this.#room
    for (let position = Math.max(from, this.#positionBelow(offset)); ; ) {
      const batch = headers.at(file, position, sizeBytes)
      if (batch === undefined && position < sizeBytes && !isDamageNone) throw damaged(file.path, position)
      if (batch === undefined || batch.lastOffset >= offset) return batch
      position += batch.sizeBytes
    }
  }

  /** Where the last whole batch ends that does not reach beyond `limit`, looking on from the end of another. */
  endWithin(from: number, limit: number): number {
    const { file, sizeBytes } = this
    if (limit >= sizeBytes) return sizeBytes
    const bytes = this.index.bytes()
    const entry = lastWhere(this.index.count, (each) => offsetAt.position(bytes, each) <= limit)
    let end = entry === -1 ? from : Math.max(from, offsetAt.position(bytes, entry))
    for (;;) {
      const batch = this.#room.headers.at(file, end, sizeBytes)
      if (batch === undefined || end + batch.sizeBytes > limit) return end
      end += batch.sizeBytes
    }
  }

  /** Nothing below this place is as late as the timestamp. */
  positionAtTime(timestamp: number, fromOffset: number): number {
    const bytes = this.timeindex.bytes()
    const entry = lastWhere(this.timeindex.count, (each) => timeAt.timestamp(bytes, each) <= timestamp)
    const known = entry === -1 ? this.baseOffset : this.baseOffset + timeAt.relative(bytes, entry)
    return this.#positionBelow(Math.max(known, fromOffset))
  }

  /**
   * Nothing is appended any more: what Kafka leaves of a segment behind the one that is written to. Returns the
   * files that were written.
   */
  end(): string[] {
    if (!this.#isBegun) return []
    const { timestamp, offset } = this.largestTimestamp
    this.#addTime(timestamp, offset)
    this.index.trim()
    this.timeindex.trim()
    this.txnindex.writeOut()
    if (this.#hasTail || this.#preallocatedBytes > this.sizeBytes) this.#trimLog()
    this.release()
    this.#isBegun = false
    return [this.path, this.index.path, this.timeindex.path, this.txnindex.path]
  }

  /** Its files get other names, or are gone. */
  leave(): void {
    this.#isLeft = true
    this.release()
    this.#room.files.file(this.path).close()
  }

  /** Its indexes get what they have not. Returns their files. */
  writeIndexes(): string[] {
    this.index.writeOut()
    this.timeindex.writeOut()
    this.txnindex.writeOut()
    return [this.index.path, this.timeindex.path, this.txnindex.path]
  }

  /** Gives its file back; the next append opens it again. */
  release(): void {
    this.#file?.close()
    this.#file = undefined
  }

  /** What is appended so far outlives a power cut once this resolves. */
  async flush(isActive: boolean): Promise<void> {
    await this.#flushFile(this.path)
    if (isActive) return
    for (const { path } of [this.index, this.timeindex, this.txnindex]) await this.#flushFile(path)
  }

  #indexBatch(batch: RecordBatch, start: number, intervalBytes: number): void {
    const timestamp = Number(batch.maxTimestamp)
    const lastOffset = Number(batch.lastOffset)
    if (timestamp > this.largestTimestamp.timestamp) this.#largest = { timestamp, offset: lastOffset }
    if (this.#firstTimestamp === undefined && start + batch.position === 0) this.#firstTimestamp = timestamp
    if (this.#bytesSinceEntry > intervalBytes) {
      this.#addOffset(lastOffset, start + batch.position)
      const { largestTimestamp } = this
      this.#addTime(largestTimestamp.timestamp, largestTimestamp.offset)
      this.#bytesSinceEntry = 0
    }
    this.#bytesSinceEntry += batch.sizeBytes
  }

  #addOffset(offset: number, position: number): void {
    this.index.add((bytes, at) => {
      bytes.writeInt32BE(offset - this.baseOffset, at)
      bytes.writeInt32BE(position, at + 4)
    })
  }

  #addTime(timestamp: number, offset: number): void {
    if (timestamp <= this.#lastTimeEntry().timestamp) return
    this.timeindex.add((bytes, at) => {
      writeInt64(bytes, at, timestamp)
      bytes.writeInt32BE(offset - this.baseOffset, at + 8)
    })
  }

  #lastTimeEntry(): { timestamp: number; offset: number } {
    const last = this.timeindex.count - 1
    if (last < 0) return { timestamp: -1, offset: this.baseOffset }
    const bytes = this.timeindex.bytes()
    return {
      timestamp: timeAt.timestamp(bytes, last),
      offset: this.baseOffset + timeAt.relative(bytes, last),
    }
  }

  #positionBelow(offset: number): number {
    const bytes = this.index.bytes()
    const relative = offset - this.baseOffset
    const entry = lastWhere(this.index.count, (each) => offsetAt.relative(bytes, each) <= relative)
    return entry === -1 ? 0 : offsetAt.position(bytes, entry)
  }

  #openFile({ preallocate, segmentBytes }: LogSettings): AppendableFile {
    const file = this.#room.disk.openToAppend(this.path)
    this.#file = file
    // Another copy of the same file in the pool would go on being read after this one is closed.
    this.#room.files.file(this.path).close()
    if (preallocate && this.#preallocatedBytes === 0) {
      this.#preallocatedBytes = Math.max(segmentBytes, this.sizeBytes)
      file.truncate(this.#preallocatedBytes)
    }
    return file
  }

  #cutTail(file: AppendableFile): void {
    file.truncate(this.sizeBytes)
    if (this.#preallocatedBytes > 0) file.truncate(this.#preallocatedBytes)
    this.#hasTail = false
  }

  /** Else it is done before anything is written behind it: what has failed is told by whoever calls. */
  #cutTailIfPossible(file: AppendableFile): void {
    try {
      this.#cutTail(file)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
    }
  }

  #trimLog(): void {
    const file = this.#file ?? this.#room.disk.openToAppend(this.path)
    file.truncate(this.sizeBytes)
    if (file !== this.#file) file.close()
    this.#preallocatedBytes = 0
    this.#hasTail = false
  }

  /** One that goes meanwhile must not be made anew by being opened. */
  async #flushFile(path: string): Promise<void> {
    const { disk } = this.#room
    if (this.#isLeft || disk.stat(path) === undefined) return
    const open = path === this.path ? this.#file : undefined
    const file = open ?? disk.openToAppend(path)
    try {
      await file.flush()
    } finally {
      if (file !== open) file.close()
    }
  }
}

/** Readers must not take it for the end: what lies behind was acknowledged as well. */
export function damaged(path: string, position: number): DataError {
  return new DataError('damaged-log', `${path} is damaged at position ${position}`, {
    details: { path, position },
  })
}
