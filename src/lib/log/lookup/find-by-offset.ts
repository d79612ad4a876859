import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { LogBounds } from '../state/log-bounds.ts'
import { type FoundRecord, firstIn, type Lookup } from './found-record.ts'
import type { OpenSegment } from './open-segment.ts'
import { Search } from './search.ts'

/** Between these two is what consumers get. */
export type ReadableBounds = Pick<LogBounds, 'logStartOffset' | 'highWatermark'>

/**
 * The first record at or behind an offset: by the index of the segment that the offset lies in, as a fetch does.
 * Where that has none the next segments are looked into, since the cleaner leaves gaps.
 */
export function findByOffset(
  disk: ReadableDisk,
  folder: PartitionFolder,
  bounds: ReadableBounds,
  offset: Int64,
): Lookup {
  const search = new Search(disk, folder)
  const outside = outsideOf(bounds, offset)
  if (outside !== null) return search.noAnswer(outside)
  for (const segment of folder.segments.slice(floorSegment(folder.segments, offset))) {
    if (segment.baseOffset >= bounds.highWatermark) break
    const found = search.in(segment, (open) => {
      const { position, entry } = open.startFor(offset)
      search.step(open, { timeEntry: null, offsetEntry: entry, scannedFrom: position })
      return firstFrom(open, position, offset)
    })
    if (found === undefined) continue
    if (found.offset < bounds.highWatermark) return search.answer(found)
    break
  }
  return search.noAnswer(
    `no record is left from offset ${offset} up to the high watermark, which is ${bounds.highWatermark}`,
  )
}

/** The last segment whose base offset is not above this one; the first where all are. */
export function floorSegment(segments: readonly Segment[], offset: Int64): number {
  return Math.max(
    0,
    segments.findLastIndex(({ baseOffset }) => baseOffset <= offset),
  )
}

function firstFrom(open: OpenSegment, position: number, offset: Int64): FoundRecord | undefined {
  for (const batch of open.batches(position)) {
    if (batch.lastOffset < offset) continue
    // Its last records may be gone, though the batch still covers their offsets.
    const found = firstIn(batch, open, (cursor) => cursor.offset >= offset)
    if (found !== undefined) return found
  }
  return undefined
}

function outsideOf({ logStartOffset, highWatermark }: ReadableBounds, offset: Int64): string | null {
  if (offset < logStartOffset) return `offset ${offset} lies below the log start, which is ${logStartOffset}`
  if (offset < highWatermark) return null
  return `offset ${offset} is not below the high watermark, which is ${highWatermark}`
}
