import type { Cancel, Clock } from '../../src/lib/ports/clock.ts'

interface Timer {
  readonly dueMs: number
  readonly run: () => void
  cancel: Cancel
}

/** The system's time, which can be made to leap: all that waits is due at once. */
export class LeapingClock implements Clock {
  readonly #real: Clock
  readonly #timers = new Set<Timer>()
  #aheadMs = 0

  constructor(real: Clock) {
    this.#real = real
  }

  nowMs(): number {
    return this.#real.nowMs() + this.#aheadMs
  }

  monotonicMs(): number {
    return this.#real.monotonicMs() + this.#aheadMs
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer: Timer = { dueMs: this.monotonicMs() + delayMs, run, cancel: () => {} }
    this.#timers.add(timer)
    timer.cancel = this.#real.after(delayMs, () => this.#ring(timer))
    return () => {
      this.#timers.delete(timer)
      timer.cancel()
    }
  }

  leap(byMs: number): void {
    this.#aheadMs += byMs
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.monotonicMs())
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) {
      timer.cancel()
      if (this.#timers.has(timer)) this.#ring(timer)
    }
  }

  #ring(timer: Timer): void {
    this.#timers.delete(timer)
    timer.run()
  }
}
