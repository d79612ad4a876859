import type { Int64 } from '../../bytes/int64.ts'
import { subtractInt64 } from '../../bytes/int64.ts'
import { formatTime } from '../../values/times.ts'
import { firstTimestampOf } from '../state/producer-states.ts'
import { largestTimestamp } from './largest-timestamp.ts'
import type { OpenSegment } from './open-segment.ts'
import type { Search } from './search.ts'

/** Less than this no broker takes to stop and come up with another format. */
const RESTART_MS = 1000

/**
 * What a broker takes for the largest timestamp of a segment: where no batch has one, the time that the file was
 * modified. On a copy that is the time of copying, which would hide everything that follows; so for messages
 * without timestamps it ends before the first timestamp behind them. It matters only from `least` on.
 */
export function segmentTime(search: Search, open: OpenSegment, least: Int64): Int64 {
  const { timestamp } = largestTimestamp(open)
  if (timestamp >= 0) return timestamp
  const { log } = open.segment
  const modifiedMs = Math.floor(log.modifiedMs)
  if (modifiedMs < least || open.endBytes === 0) return modifiedMs
  const next = firstTimestampBehind(search, open)
  if (next === undefined || modifiedMs < next) return modifiedMs
  search.remarks.add(
    `${log.name} was modified at ${formatTime(modifiedMs)}, later than what was written behind it: that time is not gone by`,
  )
  return subtractInt64(next, RESTART_MS)
}

function firstTimestampBehind(search: Search, { segment }: OpenSegment): Int64 | undefined {
  const { segments } = search.folder
  for (const later of segments.slice(segments.indexOf(segment) + 1)) {
    const found = search.in(later, (open) => {
      for (const batch of open.batches(0)) if (batch.maxTimestamp >= 0) return firstTimestampOf(batch)
      return undefined
    })
    if (found !== undefined) return found
  }
  return undefined
}
