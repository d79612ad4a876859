import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { baseOffsetOf, OpenSegment } from '../lookup/open-segment.ts'
import type { PartitionFolder, Segment, SegmentFile } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'

/** One segment, or a file that was left over from one. */
export interface SegmentRow {
  readonly topic: string | null
  readonly partition: number | null
  readonly folder: string
  readonly file: string
  readonly baseOffset: Int64
  /** Of the first batch; the file's name is only a lower bound. */
  readonly firstOffset: Int64 | null
  readonly lastOffset: Int64 | null
  readonly batches: number | null
  /** Null where wrappers do not say how many messages they hold. */
  readonly records: number | null
  readonly sizeBytes: number
  /** Beside the largest segment of its partition, from 0 to 1. */
  readonly relativeSize: number
  readonly firstTimestamp: Int64 | null
  readonly lastTimestamp: Int64 | null
  readonly maxTimestamp: Int64 | null
  readonly magics: readonly number[]
  readonly codecs: readonly string[]
  readonly indexBytes: number | null
  readonly timeIndexBytes: number | null
  readonly txnIndexBytes: number | null
  readonly state: SegmentState
}

/** Active is the one that is written to; what is left over says which step of a deletion or a cleaning it is. */
export type SegmentState = 'active' | 'rolled' | 'damaged' | 'deleted' | 'cleaned' | 'swap'

export interface ListedSegment {
  readonly row: SegmentRow
  /** What was met in the log in place of sound batches. */
  readonly damages: readonly string[]
}

/** Every batch is looked at, and its CRC checked: what is told of a segment is true of the whole of it. */
export async function listSegment(
  disk: ReadableDisk,
  folder: PartitionFolder,
  segment: Segment,
  turns: Turns,
): Promise<ListedSegment> {
  const open = new OpenSegment(disk, folder, segment)
  try {
    const seen = new Seen()
    for (const batch of open.batches(0)) {
      seen.add(batch)
      if (turns.isDue()) await turns.turn(batch.position, open.endBytes)
    }
    const damages = [...open.damages]
    const [last] = seen.lastPosition === null ? [] : open.batches(seen.lastPosition)
    const ends = { lastTimestamp: last === undefined ? null : timestampIn(last, 'last') }
    const state = damages.length > 0 ? 'damaged' : stateOf(open)
    return { row: { ...fileRow(folder, segment.log, segment), ...seen.row(), ...ends, state }, damages }
  } finally {
    open.close()
  }
}

/** A file that is half gone: what a log still holds, of other files the name and the size. */
export async function listLeftover(
  disk: ReadableDisk,
  folder: PartitionFolder,
  file: SegmentFile,
  turns: Turns,
): Promise<ListedSegment> {
  const alone = { index: undefined, timeindex: undefined, txnindex: undefined }
  if (file.kind === 'log') {
    const { row } = await listSegment(
      disk,
      folder,
      { baseOffset: file.baseOffset, log: file, ...alone },
      turns,
    )
    return { row: { ...row, state: file.leftover ?? row.state }, damages: [] }
  }
  const unseen = { batches: null, records: null, lastTimestamp: null }
  return { row: { ...fileRow(folder, file), ...new Seen().row(), ...unseen }, damages: [] }
}

function stateOf({ segment, isLast }: OpenSegment): SegmentState {
  return segment.log.leftover ?? (isLast ? 'active' : 'rolled')
}

function fileRow(folder: PartitionFolder, file: SegmentFile, beside?: Segment) {
  const largest = Math.max(...folder.segments.map(({ log }) => log.sizeBytes), file.sizeBytes)
  return {
    topic: folder.said?.topic ?? null,
    partition: folder.said?.partition ?? null,
    folder: folder.path,
    file: file.name,
    baseOffset: file.baseOffset,
    sizeBytes: file.sizeBytes,
    relativeSize: largest === 0 ? 0 : file.sizeBytes / largest,
    indexBytes: beside?.index?.sizeBytes ?? null,
    timeIndexBytes: beside?.timeindex?.sizeBytes ?? null,
    txnIndexBytes: beside?.txnindex?.sizeBytes ?? null,
    state: file.leftover ?? ('rolled' as const),
  }
}

class Seen {
  lastPosition: number | null = null
  #batches = 0
  #records: number | null = 0
  #firstOffset: Int64 | null = null
  #lastOffset: Int64 | null = null
  #firstTimestamp: Int64 | null = null
  #maxTimestamp: Int64 | null = null
  readonly #magics = new Set<number>()
  readonly #codecs = new Set<string>()

  add(batch: RecordBatch): void {
    if (this.#batches === 0) this.#begin(batch)
    const { count, maxTimestamp } = batch
    this.#batches += 1
    this.#records = this.#records === null || count === null ? null : this.#records + count
    this.#lastOffset = batch.lastOffset
    if (this.#maxTimestamp === null || maxTimestamp > this.#maxTimestamp) this.#maxTimestamp = maxTimestamp
    this.#magics.add(batch.magic)
    const { codec } = batch
    this.#codecs.add(typeof codec === 'string' ? codec : `codec ${codec}`)
    this.lastPosition = batch.position
  }

  row() {
    return {
      firstOffset: this.#firstOffset,
      lastOffset: this.#lastOffset,
      batches: this.#batches,
      records: this.#records,
      firstTimestamp: this.#firstTimestamp,
      maxTimestamp: this.#maxTimestamp,
      magics: [...this.#magics].sort(),
      codecs: [...this.#codecs].sort(),
    }
  }

  #begin(batch: RecordBatch): void {
    this.#firstOffset = baseOffsetOf(batch)
    this.#firstTimestamp = timestampIn(batch, 'first')
  }
}

/** Of its first or last record; of a batch that the cleaner has emptied, the largest that it keeps. */
function timestampIn(batch: RecordBatch, end: 'first' | 'last'): Int64 {
  let timestamp: Int64 = batch.maxTimestamp
  try {
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) {
      timestamp = cursor.timestamp
      if (end === 'first') break
    }
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
  }
  return timestamp
}
