import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import type { LogSettings } from './partition-log.ts'

/** What is about to be appended, all of it. */
export interface Append {
  readonly sizeBytes: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
}

export interface RollFacts {
  readonly baseOffset: number
  readonly sizeBytes: number
  readonly jitterMs: number
  readonly createdMs: number
  /** The largest timestamp of the first batch; nothing in an empty segment. */
  readonly firstTimestamp: number | undefined
  readonly offsetEntries: number
  readonly timeEntries: number
}

const LARGEST_RELATIVE = 2 ** 31 - 1

/** Whether a new segment begins with this append, by the rules of Kafka. */
export function mustRoll(segment: RollFacts, append: Append, settings: LogSettings, nowMs: number): boolean {
  const { sizeBytes, offsetEntries, timeEntries } = segment
  if (sizeBytes > settings.segmentBytes - append.sizeBytes) return true
  if (sizeBytes > 0 && isDue(segment, append, settings, nowMs)) return true
  if (offsetEntries >= Math.floor(settings.segmentIndexBytes / OFFSET_ENTRY_BYTES)) return true
  // The last place is kept for the entry that a segment is closed with.
  if (timeEntries >= Math.floor(settings.segmentIndexBytes / TIME_ENTRY_BYTES) - 1) return true
  return append.lastOffset - segment.baseOffset > LARGEST_RELATIVE
}

/** By the times in the records, as far as they have any: so a log that is written again rolls where it did. */
function isDue(segment: RollFacts, append: Append, settings: LogSettings, nowMs: number): boolean {
  const { firstTimestamp = -1, createdMs, jitterMs } = segment
  const waitedMs = firstTimestamp >= 0 ? append.maxTimestamp - firstTimestamp : nowMs - createdMs
  return waitedMs > rollMs(settings) - jitterMs
}

/** What is to be compacted in time has to be in a closed segment first. */
function rollMs({ segmentMs, cleanupPolicy, maxCompactionLagMs }: LogSettings): number {
  return cleanupPolicy.has('compact') ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs
}
