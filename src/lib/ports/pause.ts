import type { Cancel, Clock } from './clock.ts'

/** As long as it was said, or until the signal. */
export function pause(clock: Clock, forMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    let cancel: Cancel = () => {}
    const over = () => {
      cancel()
      signal?.removeEventListener('abort', over)
      resolve()
    }
    cancel = clock.after(forMs, over)
    signal?.addEventListener('abort', over)
  })
}

interface Patience {
  readonly clock: Clock
  readonly everyMs: number
  /** From one look to the next it takes twice as long, up to this; if it is not said, always as long. */
  readonly longestMs?: number
  readonly timeoutMs: number
}

/** Looks again and again, until it is enough or there is no time for one more look; what was seen last. */
export async function lookUntil<T>(
  look: () => T | Promise<T>,
  isEnough: (seen: T) => boolean,
  { clock, everyMs, longestMs = everyMs, timeoutMs }: Patience,
): Promise<T> {
  const endMs = clock.monotonicMs() + timeoutMs
  for (let pauseMs = everyMs; ; pauseMs = Math.min(2 * pauseMs, longestMs)) {
    const seen = await look()
    if (isEnough(seen) || clock.monotonicMs() + pauseMs > endMs) return seen
    await pause(clock, pauseMs)
  }
}
