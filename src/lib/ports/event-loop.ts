import { availableParallelism } from 'node:os'
import type { Clock } from './clock.ts'

/** The one of the process: coming round once more, where it would sleep until something happens. */
export interface EventLoop {
  nowMs(): number
  next(run: () => void): void
}

/** None with a single core: whoever stays awake there keeps others from what is waited for. */
export function systemEventLoop(clock: Clock): EventLoop | null {
  if (availableParallelism() === 1) return null
  return { nowMs: () => clock.monotonicMs(), next: (run) => void setImmediate(run) }
}
