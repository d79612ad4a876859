import type { Clock } from '../../ports/clock.ts'
import { pause } from '../../ports/pause.ts'

/** Over so long it is seen whether there was too much. */
const PERIOD_MS = 300

/** Keeps work to so many bytes a second: now and then it pauses for as long as it was ahead. */
export class Throttle {
  readonly #clock: Clock
  readonly #bytesPerSecond: () => number
  #startMs: number
  #bytes = 0

  constructor(clock: Clock, bytesPerSecond: () => number) {
    this.#clock = clock
    this.#bytesPerSecond = bytesPerSecond
    this.#startMs = clock.monotonicMs()
  }

  async take(bytes: number, signal: AbortSignal): Promise<void> {
    this.#bytes += bytes
    const passedMs = this.#clock.monotonicMs() - this.#startMs
    const dueMs = (this.#bytes / this.#bytesPerSecond()) * 1000
    if (passedMs < PERIOD_MS && dueMs < PERIOD_MS) return
    this.#bytes = 0
    if (dueMs > passedMs) await pause(this.#clock, dueMs - passedMs, signal)
    this.#startMs = this.#clock.monotonicMs()
  }
}
