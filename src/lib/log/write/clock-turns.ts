import type { Clock } from '../../ports/clock.ts'
import { pause } from '../../ports/pause.ts'
import type { Turns } from '../turns.ts'

const TURN_MS = 50

/** Lets others have a turn now and then, such as a signal that wants this to end. */
export function clockTurns(clock: Clock, turnMs = TURN_MS): Turns {
  let sinceMs = clock.monotonicMs()
  return {
    isDue: () => clock.monotonicMs() - sinceMs > turnMs,
    async turn() {
      await pause(clock, 0)
      sinceMs = clock.monotonicMs()
    },
  }
}
