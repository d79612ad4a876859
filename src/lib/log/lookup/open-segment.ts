import type { Int64 } from '../../bytes/int64.ts'
import { DataError, KtoolError } from '../../errors.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import type { OffsetEntry } from '../files/offset-index.ts'
import type { PartitionFolder, Segment, SegmentFile } from '../partition-folder.ts'
import { scanLog } from '../scan/scan-log.ts'
import { IndexFile, type IndexLayout } from './index-file.ts'
import { offsetIndexLayout, timeIndexLayout } from './index-layouts.ts'

/** Where in a log file to start reading, and the index entry that says so. */
export interface Start {
  readonly position: number
  readonly entry: OffsetEntry | null
}

const beginning: Start = { position: 0, entry: null }
/** Behind an index entry there are a few kilobytes to look through. */
const NEAR_BYTES = 32 * 1024
const FAR_BYTES = 1024 * 1024
/** So much without an entry is no log of a broker that indexes every few kilobytes. */
const UNINDEXED_BYTES = 64 * 1024

/**
 * A segment that is being searched. What its index says is believed only after a look into the log: an entry is
 * sound if a batch starts at its position and that batch begins at or below the entry's offset, since then
 * everything before the position lies below the offset.
 */
export class OpenSegment {
  readonly segment: Segment
  /** Of the log file, when it was opened. */
  readonly endBytes: number
  /** The segment that is written to, or was last. */
  readonly isLast: boolean
  /** Sentences about indexes that could not be used as they should. */
  readonly remarks = new Set<string>()
  /** Sentences about what was met in the log in place of sound batches. */
  readonly damages = new Set<string>()
  readonly #disk: ReadableDisk
  readonly #log: ReadableFile
  readonly #nextBaseOffset: Int64 | undefined
  readonly #files: ReadableFile[] = []
  readonly #indexes = new Map<SegmentFile, unknown>()

  constructor(disk: ReadableDisk, folder: PartitionFolder, segment: Segment) {
    const at = folder.segments.indexOf(segment)
    const next = at === -1 ? undefined : folder.segments[at + 1]
    this.#disk = disk
    this.segment = segment
    this.isLast = next === undefined
    this.#nextBaseOffset = next?.baseOffset
    this.#log = this.#open(segment.log.path)
    this.endBytes = this.#log.sizeBytes()
  }

  close(): void {
    for (const file of this.#files) file.close()
  }

  /** The sound batches from a place on. What is damaged between them is remarked upon. */
  *batches(from: number): Generator<RecordBatch, void, undefined> {
    const { baseOffset } = this.segment
    const chunkBytes = this.endBytes - from > FAR_BYTES && from === 0 ? FAR_BYTES : NEAR_BYTES
    const next = this.#nextBaseOffset
    const bounds = next === undefined ? {} : { nextBaseOffset: next }
    for (const scanned of scanLog(this.#log, {
      from,
      end: this.endBytes,
      chunkBytes,
      baseOffset,
      ...bounds,
    })) {
      if (scanned.damage === null && scanned.kind === 'batch') yield scanned.batch
      else if (scanned.damage !== null) this.#cameUpon(scanned.damage)
    }
  }

  /** Everything before this place lies below the offset. */
  startFor(offset: Int64): Start {
    const index = this.offsetIndex()
    if (index === undefined) return beginning
    return this.#soundStart(
      index,
      index.lastWhere((entry) => entry.offset <= offset),
    )
  }

  /** The place of the last index entry. */
  lastStart(): Start {
    const index = this.offsetIndex()
    return index === undefined ? beginning : this.#soundStart(index, index.count - 1)
  }

  offsetIndex(): IndexFile<OffsetEntry> | undefined {
    const { index } = this.segment
    if (index === undefined && this.endBytes > 0) this.#remarkOnAbsence('.index')
    return index === undefined ? undefined : this.#index(index, offsetIndexLayout)
  }

  timeIndex() {
    const { timeindex } = this.segment
    return timeindex === undefined ? undefined : this.#index(timeindex, timeIndexLayout)
  }

  /** An index that is not to be believed: the log is read instead. */
  doubt(file: string, finding: string): void {
    this.remarks.add(
      `${file} is not used: ${finding}; ${this.segment.log.name} was read from its beginning instead`,
    )
  }

  #remarkOnAbsence(suffix: string): void {
    const { name } = this.segment.log
    this.remarks.add(`${name} has no ${suffix} beside it and was read from its beginning`)
  }

  #soundStart(index: IndexFile<OffsetEntry>, found: number): Start {
    const i = this.#withinLog(index, found)
    const { name } = this.segment.index ?? this.segment.log
    const problem = this.#orderProblem(index, i) ?? this.#entryProblem(index, i)
    if (problem !== undefined) this.doubt(name, problem)
    const entry = problem === undefined ? index.entry(i) : undefined
    return entry === undefined ? beginning : { position: entry.position, entry }
  }

  /** A broker that has written meanwhile has put entries into the index that lead behind what is read of the log. */
  #withinLog(index: IndexFile<OffsetEntry>, i: number): number {
    const position = index.entry(i)?.position ?? 0
    const isNewer = position >= this.endBytes && position < this.#log.sizeBytes()
    return isNewer ? index.lastWhere((entry) => entry.position < this.endBytes) : i
  }

  #orderProblem(index: IndexFile<OffsetEntry>, i: number): string | undefined {
    const disorder = index.disorder(i)
    if (disorder !== undefined) return `its entry ${disorder} does not lie behind the one before it`
    if (index.count === 0 && index.zeroEntries > 0 && !this.isLast) return 'it holds nothing but zeros'
    const isEmpty = index.count === 0 && index.zeroEntries === 0
    return isEmpty && this.endBytes > UNINDEXED_BYTES ? 'it has no entry' : undefined
  }

  #entryProblem(index: IndexFile<OffsetEntry>, i: number): string | undefined {
    const entry = index.entry(i)
    if (entry === undefined) return undefined
    const { position, offset } = entry
    const says = `its entry ${i} says that offset ${offset} is at position ${position}`
    if (position < 0 || position >= this.endBytes) return `${says}, and the log has ${this.endBytes} bytes`
    const found = new BatchFeed(this.#log, {
      from: position,
      end: this.endBytes,
      chunkBytes: NEAR_BYTES,
    }).next()
    // Whether its content is sound the scan will tell; no other place looks so much like a batch of these offsets.
    if (found?.kind !== 'batch') return `${says}, where no batch starts`
    const baseOffset = baseOffsetOf(found)
    const isInside = baseOffset !== null && baseOffset >= this.segment.baseOffset && baseOffset <= offset
    return isInside ? undefined : `${says}, where the batch starts at offset ${baseOffset}`
  }

  /** What ends the last segment may be room for later, or a batch that is being written or never was. */
  #cameUpon({ reason, position, sizeBytes, finding }: Damage): void {
    const { name } = this.segment.log
    const isEnd = this.isLast && position + sizeBytes >= this.endBytes
    if (isEnd && reason === 'zeros') return
    if (isEnd && reason === 'cut') {
      this.remarks.add(`${name} ends within a batch, at position ${position}: ${finding}`)
      return
    }
    this.damages.add(
      `${name} is damaged at position ${position}, ${sizeBytes} bytes were left out: ${finding}`,
    )
  }

  /** Nothing where it is out of reach: the log says the same. */
  #index<Entry>(file: SegmentFile, layout: IndexLayout<Entry>): IndexFile<Entry> | undefined {
    const known = this.#indexes.get(file)
    if (known !== undefined) return known as IndexFile<Entry>
    const opened = this.#openIndex(file)
    if (opened === undefined) return undefined
    const index = new IndexFile(opened, this.segment.baseOffset, layout)
    this.#indexes.set(file, index)
    if (index.leftOverBytes > 0) {
      this.remarks.add(`${file.name} ends in ${index.leftOverBytes} bytes that are no whole entry`)
    }
    return index
  }

  #openIndex({ path, name }: SegmentFile): ReadableFile | undefined {
    try {
      return this.#open(path)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.doubt(name, cause.message)
      return undefined
    }
  }

  #open(path: string): ReadableFile {
    const file = this.#disk.openToRead(path)
    this.#files.push(file)
    return file
  }
}

/** Of a wrapper only its content tells; null where that cannot be read. */
export function baseOffsetOf(batch: RecordBatch): Int64 | null {
  if (batch.baseOffset !== null) return batch.baseOffset
  try {
    return openRecords(batch, { checkCrc: false }).baseOffset
  } catch (cause) {
    if (cause instanceof DataError) return null
    throw cause
  }
}
