import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { ReadableBounds } from './find-by-offset.ts'
import { type FoundRecord, firstIn, type Lookup } from './found-record.ts'
import { type LargestTimestamp, largestTimestamp } from './largest-timestamp.ts'
import { Search } from './search.ts'

/**
 * The record with the largest timestamp, as a broker answers ListOffsets for −3. It may lie below the log start;
 * and where the cleaner has emptied the batch that the largest timestamp is of, there is none.
 */
export function findMaxTimestamp(
  disk: ReadableDisk,
  folder: PartitionFolder,
  { highWatermark }: Pick<ReadableBounds, 'highWatermark'>,
): Lookup {
  const search = new Search(disk, folder)
  let best: { segment: Segment; largest: LargestTimestamp } | undefined
  for (const segment of folder.segments) {
    const largest = search.in(segment, largestTimestamp)
    if (best === undefined || largest.timestamp > best.largest.timestamp) best = { segment, largest }
  }
  if (best === undefined || best.largest.position === null) return search.noAnswer('no batch has a timestamp')
  const found = recordAt(search, best.segment, best.largest)
  if (found === undefined) return search.noAnswer('the batch with the largest timestamp has lost its record')
  if (found.offset < highWatermark) return search.answer(found)
  return search.noAnswer(`its offset is ${found.offset}, the high watermark ${highWatermark}`)
}

function recordAt(search: Search, segment: Segment, largest: LargestTimestamp): FoundRecord | undefined {
  const { timestamp } = largest
  const position = largest.position ?? 0
  return search.in(segment, (open) => {
    search.step(open, { timeEntry: null, offsetEntry: null, scannedFrom: position })
    for (const batch of open.batches(position)) {
      return firstIn(batch, open, (cursor) => cursor.timestamp === timestamp)
    }
    return undefined
  })
}
