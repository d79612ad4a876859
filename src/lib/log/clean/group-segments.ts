import type { LogSegment } from '../write/log-segment.ts'
import type { LogSettings } from '../write/partition-log.ts'

const LARGEST_RELATIVE = 2 ** 31 - 1

/**
 * Segments that become one: neighbours, as many as fit into a segment by their size as it is before, and into
 * the indexes of one.
 */
export function groupSegments(
  segments: readonly LogSegment[],
  { segmentBytes, segmentIndexBytes }: Pick<LogSettings, 'segmentBytes' | 'segmentIndexBytes'>,
  firstUncleanableOffset: number,
): LogSegment[][] {
  const groups: LogSegment[][] = []
  let room = { bytes: 0, offsetBytes: 0, timeBytes: 0 }
  for (const [i, segment] of segments.entries()) {
    const group = groups.at(-1)
    const { offsetBytes, timeBytes } = segment.indexSizes
    const next = {
      bytes: room.bytes + segment.sizeBytes,
      offsetBytes: room.offsetBytes + offsetBytes,
      timeBytes: room.timeBytes + timeBytes,
    }
    const lastOffset = (segments[i + 1]?.baseOffset ?? firstUncleanableOffset) - 1
    const isWithin =
      next.bytes <= segmentBytes &&
      next.offsetBytes <= segmentIndexBytes &&
      next.timeBytes <= segmentIndexBytes &&
      (segment.sizeBytes === 0 || lastOffset - (group?.[0]?.baseOffset ?? 0) <= LARGEST_RELATIVE)
    if (group !== undefined && isWithin) {
      group.push(segment)
      room = next
    } else {
      groups.push([segment])
      room = { bytes: segment.sizeBytes, offsetBytes, timeBytes }
    }
  }
  return groups
}
