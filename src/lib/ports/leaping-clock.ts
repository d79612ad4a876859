import type { Cancel, Clock } from './clock.ts'

interface Timer {
  readonly dueMs: number
  readonly run: () => void
  cancel: Cancel
}

/** Another clock's time, which can be made to leap, as that of a machine that was asleep. */
export class LeapingClock implements Clock {
  readonly #real: Clock
  readonly #timers = new Set<Timer>()
  #aheadMs = 0

  constructor(real: Clock) {
    this.#real = real
  }

  /** How much it has leapt by now. */
  get aheadMs(): number {
    return this.#aheadMs
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
    this.#arm(timer)
    return () => {
      this.#timers.delete(timer)
      timer.cancel()
    }
  }

  /** All that was waited for until then happens at once, what is due first comes first. */
  leap(byMs: number): void {
    this.#aheadMs += byMs
    const due: Timer[] = []
    for (const timer of this.#timers) {
      timer.cancel()
      if (timer.dueMs <= this.monotonicMs()) due.push(timer)
      else this.#arm(timer)
    }
    // One that runs may call off another.
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) if (this.#timers.has(timer)) this.#ring(timer)
  }

  #arm(timer: Timer): void {
    timer.cancel = this.#real.after(timer.dueMs - this.monotonicMs(), () => this.#ring(timer))
  }

  #ring(timer: Timer): void {
    this.#timers.delete(timer)
    timer.run()
  }
}
