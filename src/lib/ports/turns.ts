import { availableParallelism } from 'node:os'
import type { Clock } from './clock.ts'

/** Coming round once more, where the event loop would sleep until something happens. */
export interface Turns {
  nowMs(): number
  next(run: () => void): void
}

/** None with a single core: whoever stays awake there keeps others from what is waited for. */
export function systemTurns(clock: Clock): Turns | null {
  if (availableParallelism() === 1) return null
  return { nowMs: () => clock.monotonicMs(), next: (run) => void setImmediate(run) }
}
