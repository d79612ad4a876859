import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { OFFSET_ENTRY_BYTES, parseOffsetIndex } from '../files/offset-index.ts'
import { parseTimeIndex } from '../files/time-index.ts'
import type { PartitionFolder, Segment, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import { LogWalk, UnreadableLength } from './log-walk.ts'

/** `index.interval.bytes`, unless a topic is told otherwise. */
const DEFAULT_BYTES = 4096
/** What is looked at of each segment: the interval shows soon. */
const MOST_BATCHES = 2000

interface Range {
  /** Bytes between two batches of which the later one got no entry. */
  atLeast: number
  /** Bytes between two that got entries. */
  below: number
}

/**
 * The interval at which a broker adds index entries, which the folder does not say but its indexes show: an
 * entry comes with the first batch that is more than the interval behind the last one.
 */
export function indexIntervalBytes(disk: ReadableDisk, folder: PartitionFolder): number {
  const range: Range = { atLeast: 0, below: Number.POSITIVE_INFINITY }
  for (const segment of folder.segments) {
    const seen = rangeOf(disk, segment)
    // An index that is wrong says nothing sensible, and does not fit the others.
    const atLeast = Math.max(range.atLeast, seen.atLeast)
    const below = Math.min(range.below, seen.below)
    if (atLeast < below) Object.assign(range, { atLeast, below })
  }
  if (DEFAULT_BYTES >= range.atLeast && DEFAULT_BYTES < range.below) return DEFAULT_BYTES
  return range.atLeast > 0 ? range.atLeast : Math.max(0, range.below - 1)
}

function rangeOf(disk: ReadableDisk, segment: Segment): Range {
  const marked = markedBy(disk, segment)
  if (marked === undefined) return anything()
  const file = disk.openToRead(segment.log.path)
  try {
    return measure(new LogWalk(file, 0, segment.log.sizeBytes), marked)
  } finally {
    file.close()
  }
}

function anything(): Range {
  return { atLeast: 0, below: Number.POSITIVE_INFINITY }
}

interface Marked {
  /** Where an entry must be met. */
  readonly positions: readonly number[]
  readonly has: (position: number, lastOffset: unknown) => boolean
}

/** Which batches have an entry: by the offset index, else by the time index. */
function markedBy(disk: ReadableDisk, { index, timeindex, baseOffset }: Segment): Marked | undefined {
  if (index !== undefined) {
    const bytes = readSmallFile(disk, index.path).subarray(0, MOST_BATCHES * OFFSET_ENTRY_BYTES)
    const entries = parseOffsetIndex(bytes, baseOffset)
    const positions = entries.map(({ position }) => position)
    const marked = new Set(positions)
    return entries.length === 0 ? undefined : { positions, has: (position) => marked.has(position) }
  }
  return timeindex === undefined ? undefined : markedByTime(disk, { timeindex, baseOffset })
}

/** The last entry came when the segment was closed. */
function markedByTime(
  disk: ReadableDisk,
  { timeindex, baseOffset }: { timeindex: SegmentFile; baseOffset: Int64 },
): Marked | undefined {
  const entries = parseTimeIndex(readSmallFile(disk, timeindex.path), baseOffset).slice(0, -1)
  const offsets = new Set<unknown>(entries.map(({ offset }) => offset))
  return entries.length === 0 ? undefined : { positions: [], has: (_, lastOffset) => offsets.has(lastOffset) }
}

/** As far as what is seen agrees: an index of a log that was changed afterwards does not fit its end. */
function measure(walk: LogWalk, marked: Marked): Range {
  const range = anything()
  let indexed = 0
  let met = 0
  try {
    for (let count = 0; count < MOST_BATCHES; count++) {
      const batch = walk.next()
      if (batch === undefined) break
      const gap = batch.position - indexed
      if (marked.has(batch.position, batch.lastOffset)) {
        if (gap <= range.atLeast) break
        range.below = Math.min(range.below, gap)
        indexed = batch.position
        met++
      } else {
        if (gap >= range.below) break
        range.atLeast = Math.max(range.atLeast, gap)
      }
    }
  } catch (cause) {
    if (!(cause instanceof UnreadableLength)) throw cause
  }
  const passed = marked.positions.filter((position) => position < walk.position).length
  return met >= passed ? range : anything()
}
