import type { Clock } from '../../ports/clock.ts'

/** Timers are no finer, and so much ahead of its time a record may be. */
const AHEAD_MS = 5

/** So many a second, from the first on. */
export class Pace {
  readonly #clock: Clock
  readonly #perSecond: number
  #startMs: number | undefined
  #count = 0

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
  }

  /** How long the next one has to wait. */
  waitMs(): number {
    const nowMs = this.#clock.monotonicMs()
    this.#startMs ??= nowMs
    const aheadMs = (this.#count / this.#perSecond) * 1000 - (nowMs - this.#startMs)
    return aheadMs > AHEAD_MS ? aheadMs : 0
  }

  went(): void {
    this.#count += 1
  }
}
