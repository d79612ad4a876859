import { UsageError } from '../../errors.ts'
import type { LeapingClock } from '../../ports/leaping-clock.ts'

const DAY_MS = 86_400_000
/** In all: times beyond are none to the files of Kafka any more, nor to people. */
const MOST_AHEAD_MS = 100 * 366 * DAY_MS

/** Takes the broker's time forward; how much that was in all. */
export function skipTime(clock: LeapingClock, byMs: number): number {
  // Times of Kafka are whole milliseconds, and none of the broker's would be any more.
  if (!Number.isInteger(byMs) || !(byMs > 0) || !(clock.aheadMs + byMs <= MOST_AHEAD_MS)) {
    throw new UsageError('invalid-skip', `a broker's time cannot be taken forward by ${byMs} ms`, {
      hint: 'it goes forward only, by whole milliseconds, and by 100 years at most',
    })
  }
  clock.leap(byMs)
  return clock.aheadMs
}
