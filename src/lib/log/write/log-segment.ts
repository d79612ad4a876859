import { basename, join } from 'node:path'
import { DataError } from '../../errors.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { segmentFileName } from '../files/file-names.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import type { AbortedIndex } from './aborted-index.ts'
import { flushFile } from './flush-file.ts'
import type { LogRoom } from './log-room.ts'
import type { LogSettings } from './partition-log.ts'
import type { RollFacts } from './roll-rules.ts'
import { SegmentFile } from './segment-file.ts'
import { type LargestTimestamp, SegmentIndexes } from './segment-indexes.ts'

export interface SegmentRest {
  readonly jitterMs?: number
  /** What its files have behind their names as long as they are on the way. */
  readonly ending?: Ending
}

/** Of the files of a segment: in use, being made by the cleaner, made by it, or to be deleted. */
export type Ending = '' | '.cleaned' | '.swap' | '.deleted'

/** A segment of a log, with its indexes. */
export class LogSegment {
  readonly baseOffset: number
  readonly createdMs: number
  readonly jitterMs: number
  readonly #room: LogRoom
  readonly #log: SegmentFile
  readonly #indexes: SegmentIndexes
  #isBegun = false
  #firstTimestamp: number | undefined

  constructor(room: LogRoom, folder: string, baseOffset: number, sizeBytes: number, rest: SegmentRest = {}) {
    const { jitterMs = 0, ending = '' } = rest
    this.#room = room
    this.baseOffset = baseOffset
    this.jitterMs = jitterMs
    this.createdMs = room.clock.nowMs()
    this.#log = new SegmentFile(room, join(folder, segmentFileName(baseOffset, 'log') + ending), sizeBytes)
    this.#indexes = new SegmentIndexes(room, folder, baseOffset, ending)
  }

  /** Of its log. */
  get path(): string {
    return this.#log.path
  }

  /** All its files, whether they are there or not. */
  get paths(): readonly string[] {
    return [this.path, ...this.#indexes.paths]
  }

  get sizeBytes(): number {
    return this.#log.sizeBytes
  }

  get txnindex(): AbortedIndex {
    return this.#indexes.aborted
  }

  /** Its log is open for writing. */
  get isOpen(): boolean {
    return this.#log.isOpen
  }

  /** The file as it is to be read. */
  get file(): ReadableFile {
    return this.#log.readable
  }

  get largestTimestamp(): LargestTimestamp {
    return this.#indexes.largestTimestamp
  }

  /** Where no batch has a timestamp, the file has one. */
  retentionTimestamp(): number {
    const { timestamp } = this.largestTimestamp
    return timestamp >= 0 ? timestamp : this.modifiedMs
  }

  /** When its file was changed last, as the cleaner keeps it. */
  get modifiedMs(): number {
    return this.#room.disk.stat(this.path)?.modifiedMs ?? 0
  }

  /** The largest of the first batch. */
  get firstTimestamp(): number | undefined {
    const { sizeBytes } = this
    if (this.#firstTimestamp === undefined && sizeBytes > 0) {
      this.#room.headers.forget()
      const first = this.#room.headers.at(this.file, 0, sizeBytes)
      this.#firstTimestamp = first === undefined ? undefined : Number(first.maxTimestamp)
    }
    return this.#firstTimestamp
  }

  rollFacts(): RollFacts {
    const { baseOffset, sizeBytes, jitterMs, createdMs, firstTimestamp } = this
    const { offsetEntries, timeEntries } = this.#indexes
    return { baseOffset, sizeBytes, jitterMs, createdMs, firstTimestamp, offsetEntries, timeEntries }
  }

  get indexSizes(): { readonly offsetBytes: number; readonly timeBytes: number } {
    const { offsetEntries, timeEntries } = this.#indexes
    return { offsetBytes: offsetEntries * OFFSET_ENTRY_BYTES, timeBytes: timeEntries * TIME_ENTRY_BYTES }
  }

  /** Makes its files as a segment has them that is about to be written to. */
  begin(settings: LogSettings): void {
    try {
      this.#log.open(settings)
      this.#isBegun = true
      this.#indexes.preallocate(settings.segmentIndexBytes)
    } catch (cause) {
      // A disk that is full is asked again and again, and each time another file would stay open.
      this.release()
      throw cause
    }
  }

  /** Adds the bytes at the end, or throws and adds nothing. */
  append(bytes: Buffer, batches: readonly RecordBatch[], settings: LogSettings): void {
    if (!this.isOpen) this.begin(settings)
    const start = this.sizeBytes
    this.#log.append(bytes, settings)
    if (start === 0) this.#firstTimestamp ??= Number(batches[0]?.maxTimestamp)
    for (const batch of batches) {
      this.#indexes.add(batch, start + batch.position, settings.indexIntervalBytes)
    }
  }

  /**
   * The first batch that ends at or above the offset, its header good until the next is looked at; nothing before
   * `from` does. Throws where damage comes first, unless that counts as none.
   */
  find(offset: number, from = 0, isDamageNone = false): RecordBatch | undefined {
    const { file, sizeBytes } = this
    const { headers } = this.#room
    for (let position = Math.max(from, this.#indexes.positionBelow(offset)); ; ) {
      const batch = headers.at(file, position, sizeBytes)
      if (batch === undefined && position < sizeBytes && !isDamageNone) throw damaged(file.path, position)
      if (batch === undefined || batch.lastOffset >= offset) return batch
      position += batch.sizeBytes
    }
  }

  /** Nothing below this place ends at or above the offset. */
  positionBelow(offset: number): number {
    return this.#indexes.positionBelow(offset)
  }

  /** A place at or below `limit` where a batch is known to begin, or the end of the segment where that is within it. */
  positionWithin(limit: number): number {
    return limit >= this.sizeBytes ? this.sizeBytes : this.#indexes.positionWithin(limit)
  }

  offsetFrom(limit: number): number | undefined {
    return this.#indexes.offsetFrom(limit)
  }

  /** Nothing below this place is as late as the timestamp. */
  positionAtTime(timestamp: number, fromOffset: number): number {
    return this.#indexes.positionAtTime(timestamp, fromOffset)
  }

  /**
   * Nothing is appended any more: what Kafka leaves of a segment behind the one that is written to. Returns the
   * files that were written.
   */
  end(): readonly string[] {
    if (!this.#isBegun) return []
    this.#indexes.end()
    this.#log.trim()
    this.release()
    this.#isBegun = false
    return this.paths
  }

  /** Its folder has another name. */
  relocate(folder: string): void {
    this.#log.relocate(join(folder, basename(this.path)))
    this.#indexes.relocate(folder)
  }

  /** Its files get other names, or are gone. */
  leave(): void {
    this.#log.leave()
  }

  /** Its files are not wanted. */
  remove(): void {
    this.#log.letGo()
    const { disk } = this.#room
    for (const path of this.paths) if (disk.stat(path) !== undefined) disk.remove(path)
  }

  /** Nothing says when it was made anew: its time is that of what it stands for. */
  keepTime(modifiedMs: number): void {
    const { disk } = this.#room
    for (const path of this.paths) if (disk.stat(path) !== undefined) disk.setModified?.(path, modifiedMs)
  }

  /** Marks its files as deleted, and returns the names that they have from now on. */
  setAside(): readonly string[] {
    this.leave()
    this.changeEnding('', '.deleted')
    return this.paths
  }

  /** Gives its files other names: the log first, by which a start knows what there is. */
  changeEnding(from: Ending, to: Ending): void {
    const renamed = (path: string) => path.slice(0, path.length - from.length) + to
    this.#log.moveTo(renamed(this.path))
    this.#indexes.move(renamed)
  }

  /** Its indexes get what they have not. Returns their files. */
  writeIndexes(): readonly string[] {
    this.#indexes.writeOut()
    return this.#indexes.paths
  }

  /** Gives its file back; the next append opens it again. */
  release(): void {
    this.#log.release()
  }

  /** What is appended so far outlives a power cut once this resolves. */
  async flush(isActive: boolean): Promise<void> {
    await this.#log.flush()
    if (isActive) return
    for (const path of this.#indexes.paths) if (!this.#log.isLeft) await flushFile(this.#room.disk, path)
  }
}

/** Readers must not take it for the end: what lies behind was acknowledged as well. */
export function damaged(path: string, position: number): DataError {
  return new DataError('damaged-log', `${path} is damaged at position ${position}`, {
    details: { path, position },
  })
}
