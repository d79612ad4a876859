export type Cancel = () => void

/** Time: what it is, how much of it has passed, and what happens later. */
export interface Clock {
  /** Milliseconds since 1970, for what people read. It jumps when somebody sets the clock. */
  nowMs(): number
  /** Milliseconds since some moment, with a fraction; never back. For durations and deadlines. */
  monotonicMs(): number
  /** Runs once, never before `delayMs` have passed. */
  after(delayMs: number, run: () => void): Cancel
}

/** Node fires a longer timer at once, so a longer wait is made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Seconds, and nanoseconds: what Node's `performance` tells too, once it has loaded for as long as a lookup takes. */
type Ticks = () => [seconds: number, nanoseconds: number]

export function systemClock(ticks: Ticks): Clock {
  const monotonicMs = () => {
    const [seconds, nanoseconds] = ticks()
    return seconds * 1000 + nanoseconds / 1e6
  }
  return { nowMs: () => Date.now(), monotonicMs, after: (delayMs, run) => after(delayMs, run, monotonicMs) }
}

function after(delayMs: number, run: () => void, monotonicMs: () => number): Cancel {
  if (delayMs <= 0) return soon(run)
  const dueMs = monotonicMs() + delayMs
  let timer: NodeJS.Timeout
  // Node counts in whole milliseconds and may fire up to one early; a deadline must have passed.
  const wait = () => {
    const leftMs = dueMs - monotonicMs()
    if (leftMs <= 0) run()
    else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS))
  }
  timer = setTimeout(wait, Math.min(Math.ceil(delayMs), LONGEST_TIMER_MS))
  return () => clearTimeout(timer)
}

/** Once all who wait already have had their turn; no timer of Node's fires within its first millisecond. */
function soon(run: () => void): Cancel {
  const immediate = setImmediate(run)
  return () => clearImmediate(immediate)
}
