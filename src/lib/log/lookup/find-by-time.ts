import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { formatTime } from '../../values/times.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { ReadableBounds } from './find-by-offset.ts'
import { type FoundRecord, firstIn, type Lookup, type SearchStep } from './found-record.ts'
import { largestTimestamp, soundTimeEntry } from './largest-timestamp.ts'
import type { OpenSegment } from './open-segment.ts'
import { Search } from './search.ts'
import { segmentTime } from './segment-time.ts'

/** What a broker answers, and what it overlooks. */
export interface TimeLookup extends Lookup {
  /** The record that a scan of the whole log finds where the broker's answer is none. */
  readonly overlooked: FoundRecord | null
}

/**
 * The first record at or after a time, as a broker answers ListOffsets: it looks into one segment only, the first
 * whose largest timestamp is not below. That one may have lost its record to the cleaner, or hold messages without
 * timestamps, and then the broker's answer is none, whatever the later segments hold.
 */
export function findByTime(
  disk: ReadableDisk,
  folder: PartitionFolder,
  bounds: ReadableBounds,
  timestamp: Int64,
): TimeLookup {
  const search = new Search(disk, folder)
  for (const segment of folder.segments) {
    const looked = search.in(segment, (open) => {
      if (segmentTime(search, open, timestamp) < timestamp) return undefined
      return { found: firstAt(search, open, timestamp, bounds.logStartOffset) }
    })
    if (looked === undefined) continue
    if (looked.found !== undefined) return withinBounds(search, looked.found, bounds, timestamp)
    return overlookedBehind(search, segment, bounds, timestamp)
  }
  return {
    ...search.noAnswer(`no segment holds a timestamp as late as ${formatTime(timestamp)}`),
    overlooked: null,
  }
}

function withinBounds(
  search: Search,
  found: FoundRecord,
  { highWatermark }: ReadableBounds,
  timestamp: Int64,
): TimeLookup {
  if (found.offset < highWatermark) return { ...search.answer(found), overlooked: null }
  const reason = `the first record from ${formatTime(timestamp)} on has offset ${found.offset}, which is not below the high watermark, ${highWatermark}`
  return { ...search.noAnswer(reason), overlooked: null }
}

function overlookedBehind(
  search: Search,
  segment: Segment,
  bounds: ReadableBounds,
  timestamp: Int64,
): TimeLookup {
  const { segments } = search.folder
  const reason = `${segment.log.name} is the one segment that a broker looks into for ${formatTime(timestamp)}, and no record in it qualifies`
  for (const later of segments.slice(segments.indexOf(segment) + 1)) {
    const found = search.in(later, (open) => {
      const { timestamp: largest } = largestTimestamp(open)
      return largest < timestamp ? undefined : firstAt(search, open, timestamp, bounds.logStartOffset)
    })
    if (found === undefined) continue
    const overlooked = found.offset < bounds.highWatermark ? found : null
    return { ...search.noAnswer(reason), overlooked }
  }
  return { ...search.noAnswer(reason), overlooked: null }
}

function firstAt(search: Search, open: OpenSegment, timestamp: Int64, from: Int64): FoundRecord | undefined {
  const step = startAt(open, timestamp, from)
  search.step(open, step)
  for (const batch of open.batches(step.scannedFrom)) {
    if (batch.maxTimestamp < timestamp) continue
    const found = firstIn(batch, open, (cursor) => cursor.timestamp >= timestamp && cursor.offset >= from)
    if (found !== undefined) return found
  }
  return undefined
}

/** Up to an entry with a smaller timestamp nothing qualifies, nor does anything before the log start. */
function startAt(open: OpenSegment, timestamp: Int64, from: Int64): Omit<SearchStep, 'file'> {
  const byStart = from > open.segment.baseOffset ? open.startFor(from) : { position: 0, entry: null }
  const index = open.timeIndex()
  const below = index?.lastWhere((entry) => entry.timestamp < timestamp) ?? -1
  const sound = index === undefined || below < 0 ? undefined : soundTimeEntry(open, index, below)
  if (sound === undefined || sound.position <= byStart.position) {
    return { timeEntry: null, offsetEntry: byStart.entry, scannedFrom: byStart.position }
  }
  return { timeEntry: sound.entry, offsetEntry: sound.offsetEntry, scannedFrom: sound.position }
}
