import type { Windows } from './sampled-rate.ts'

/**
 * What controller mutations are paid from (KIP-599): it fills at the rate of the quota up to what all windows give, and
 * may be overdrawn, since what is asked for in one request is not done in parts.
 */
export class TokenBucket {
  readonly #windows: Windows
  #tokens = Number.POSITIVE_INFINITY
  #filledMs = 0

  constructor(windows: Windows) {
    this.#windows = windows
  }

  take(count: number, perSecond: number, nowMs: number): void {
    this.#fill(perSecond, nowMs)
    this.#tokens = Math.min(this.#burst(perSecond), this.#tokens - count)
  }

  /** Until it is no longer overdrawn; 0 where it is not. */
  waitMs(perSecond: number, nowMs: number): number {
    this.#fill(perSecond, nowMs)
    return this.#tokens < 0 ? Math.round((-this.#tokens / perSecond) * 1000) : 0
  }

  #fill(perSecond: number, nowMs: number): void {
    const since = (nowMs - this.#filledMs) / 1000
    this.#tokens = Math.min(this.#burst(perSecond), this.#tokens + perSecond * since)
    this.#filledMs = nowMs
  }

  #burst(perSecond: number): number {
    const { count, sizeMs } = this.#windows
    return count * (sizeMs / 1000) * perSecond
  }
}
