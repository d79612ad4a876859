import type { Cancel, Clock } from '../../../ports/clock.ts'

/** Something happens unless it is put off in time. Putting it off costs no timer: the one that runs looks again. */
export class Deadline {
  readonly #clock: Clock
  readonly #run: () => void
  #dueMs = Number.POSITIVE_INFINITY
  #timerDueMs = Number.POSITIVE_INFINITY
  #cancel: Cancel | null = null

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  putOff(delayMs: number): void {
    this.#dueMs = this.#clock.monotonicMs() + delayMs
    if (this.#dueMs < this.#timerDueMs) this.#startTimer(delayMs)
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#dueMs = Number.POSITIVE_INFINITY
    this.#timerDueMs = Number.POSITIVE_INFINITY
  }

  #startTimer(delayMs: number): void {
    this.#cancel?.()
    this.#timerDueMs = this.#dueMs
    this.#cancel = this.#clock.after(delayMs, () => this.#look())
  }

  #look(): void {
    const leftMs = this.#dueMs - this.#clock.monotonicMs()
    if (leftMs > 0) this.#startTimer(leftMs)
    else {
      this.clear()
      this.#run()
    }
  }
}
