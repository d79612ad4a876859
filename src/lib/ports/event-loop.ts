import { availableParallelism } from 'node:os'

/** The one of the process: coming round once more, where it would sleep until something happens. */
export interface EventLoop {
  nowMs(): number
  next(run: () => void): void
  /** Lets time pass, for so short a moment that nothing else is worth beginning. */
  dwell(untilMs: number): void
}

/**
 * Its time is of Node's `performance`, which leaves nothing behind to be collected: it is asked at every turn.
 *
 * None with a single core: whoever stays awake there keeps others from what is waited for.
 */
export function systemEventLoop(): EventLoop | null {
  if (availableParallelism() === 1) return null
  return {
    nowMs: () => performance.now(),
    next: (run) => void setImmediate(run),
    dwell: (untilMs) => {
      while (performance.now() < untilMs);
    },
  }
}
