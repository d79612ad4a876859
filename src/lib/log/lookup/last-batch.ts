import { addInt64, type Int64 } from '../../bytes/int64.ts'
import type { OpenSegment } from './open-segment.ts'

/** Where the batches of a segment end. */
export interface SegmentEnd {
  /** One behind the last offset; the base offset where there is no batch. */
  readonly endOffset: Int64
  /** Of the last batch; null where there is none. */
  readonly leaderEpoch: number | null
}

/** By the last entry of the offset index, and the batches behind it. */
export function segmentEnd(open: OpenSegment): SegmentEnd {
  let end: SegmentEnd = { endOffset: open.segment.baseOffset, leaderEpoch: null }
  for (const { lastOffset, partitionLeaderEpoch } of open.batches(open.lastStart().position)) {
    end = { endOffset: addInt64(lastOffset, 1), leaderEpoch: partitionLeaderEpoch }
  }
  return end
}
