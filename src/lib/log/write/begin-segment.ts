import type { LogRoom } from './log-room.ts'
import { LogSegment } from './log-segment.ts'
import type { LogSettings } from './partition-log.ts'

/** A segment that is about to be written to, open, its files made. */
export function beginSegment(
  room: LogRoom,
  folder: string,
  baseOffset: number,
  settings: LogSettings,
): LogSegment {
  const { segmentJitterMs, segmentMs } = settings
  const most = Math.min(segmentJitterMs, segmentMs)
  const jitterMs = most > 0 ? room.random.below(most) : 0
  const segment = new LogSegment(room, folder, baseOffset, 0, { jitterMs })
  segment.begin(settings)
  return segment
}
