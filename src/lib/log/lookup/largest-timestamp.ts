import type { Int64 } from '../../bytes/int64.ts'
import { NO_TIMESTAMP } from '../../records/attributes.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { OffsetEntry } from '../files/offset-index.ts'
import type { TimeEntry } from '../files/time-index.ts'
import type { IndexFile } from './index-file.ts'
import type { OpenSegment } from './open-segment.ts'

/** The batch with the largest timestamp of a segment; of several the first. */
export interface LargestTimestamp {
  readonly timestamp: Int64
  /** Where its batch starts; null where no batch has a timestamp. */
  readonly position: number | null
}

/** An entry of a time index that holds true of the log: its batch was looked at. */
export interface SoundTimeEntry {
  readonly entry: TimeEntry
  /** Where the batch starts whose largest timestamp it is, and by which entry it was found. */
  readonly position: number
  readonly offsetEntry: OffsetEntry | null
}

const none: LargestTimestamp = { timestamp: NO_TIMESTAMP, position: null }
/** How far behind the last entry a batch is looked for that should have had one. */
const DISTRUST_BYTES = 64 * 1024

/**
 * By the last entry of the time index, for which its batch must speak. A segment that was rolled has an entry for
 * its largest timestamp; in the last one there may be larger ones behind the last entry. Where the index cannot
 * be believed the batches are gone through.
 */
export function largestTimestamp(open: OpenSegment): LargestTimestamp {
  const index = open.timeIndex()
  if (index === undefined || index.count === 0) return withoutEntry(open, index)
  const last = soundTimeEntry(open, index, index.count - 1)
  if (last === undefined) return largestFrom(open, 0, none)
  const known = { timestamp: last.entry.timestamp, position: last.position }
  if (open.isLast || index.zeroEntries > 0 || index.leftOverBytes > 0) {
    return largestFrom(open, last.position, known)
  }
  return isLargerSoon(open, last) ? unlisted(open, last) : known
}

/** The entry that speaks of this, if the log bears it out. */
export function soundTimeEntry(
  open: OpenSegment,
  index: IndexFile<TimeEntry>,
  i: number,
): SoundTimeEntry | undefined {
  const { name } = open.segment.timeindex ?? open.segment.log
  const disorder = index.disorder(i)
  if (disorder !== undefined) {
    open.doubt(name, `its entry ${disorder} does not lie behind the one before it`)
    return undefined
  }
  const entry = index.entry(i)
  if (entry === undefined) return undefined
  const start = open.startFor(entry.offset)
  const batch = batchAround(open, start.position, entry.offset)
  if (batch?.maxTimestamp === entry.timestamp) {
    return { entry, position: batch.position, offsetEntry: start.entry }
  }
  const found = batch === undefined ? 'there is no such batch' : `its batch has ${batch.maxTimestamp}`
  open.doubt(name, `its entry ${i} gives offset ${entry.offset} the timestamp ${entry.timestamp}, ${found}`)
  return undefined
}

function withoutEntry(open: OpenSegment, index: IndexFile<TimeEntry> | undefined): LargestTimestamp {
  const largest = largestFrom(open, 0, none)
  if (largest.position === null || open.isLast) return largest
  const { timeindex, log } = open.segment
  if (index === undefined || timeindex === undefined) {
    open.remarks.add(`${log.name} has no .timeindex beside it and was read from its beginning`)
  } else {
    open.doubt(timeindex.name, index.zeroEntries > 0 ? 'it holds nothing but zeros' : 'it has no entry')
  }
  return largest
}

function batchAround(open: OpenSegment, from: number, offset: Int64): RecordBatch | undefined {
  for (const batch of open.batches(from)) {
    if (batch.lastOffset >= offset) return batch
  }
  return undefined
}

function largestFrom(open: OpenSegment, from: number, known: LargestTimestamp): LargestTimestamp {
  let largest = known
  for (const { maxTimestamp, position } of open.batches(from)) {
    if (maxTimestamp > largest.timestamp) largest = { timestamp: maxTimestamp, position }
  }
  return largest
}

/** In a log whose times go up, an index that has lost its last entries is found out by the next batch. */
function isLargerSoon(open: OpenSegment, { entry, position }: SoundTimeEntry): boolean {
  for (const batch of open.batches(position)) {
    if (batch.maxTimestamp > entry.timestamp) return true
    if (batch.position - position > DISTRUST_BYTES) return false
  }
  return false
}

function unlisted(open: OpenSegment, { entry, position }: SoundTimeEntry): LargestTimestamp {
  const { name } = open.segment.timeindex ?? open.segment.log
  open.remarks.add(
    `${name} ends with timestamp ${entry.timestamp}, though the log has larger ones; it was read on`,
  )
  return largestFrom(open, position, { timestamp: entry.timestamp, position })
}
