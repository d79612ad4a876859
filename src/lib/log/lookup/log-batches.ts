import type { Int64 } from '../../bytes/int64.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { Segment } from '../partition-folder.ts'
import { floorSegment } from './find-by-offset.ts'
import type { Search } from './search.ts'

/** The sound batches of a partition from an offset on, through all segments. A batch is good until the next. */
export function* logBatches(
  search: Search,
  from: Int64,
  entering: (segment: Segment) => void = () => {},
): Generator<RecordBatch, void, undefined> {
  const { segments } = search.folder
  for (const segment of segments.slice(floorSegment(segments, from))) {
    entering(segment)
    const open = search.open(segment)
    try {
      const start = from > segment.baseOffset ? open.startFor(from).position : 0
      for (const batch of open.batches(start)) if (batch.lastOffset >= from) yield batch
    } finally {
      search.close(open)
    }
  }
}
