import type { Cancel, Clock } from '../../../ports/clock.ts'

/**
 * Something happens unless it is put off in time. Each time is a timer of its own, for of what is due at the same
 * moment that comes first which was put off first: a session that ends with its generation's time to sync.
 */
export class Deadline {
  readonly #clock: Clock
  readonly #run: () => void
  #cancel: Cancel | null = null

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  putOff(delayMs: number): void {
    this.clear()
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#cancel = null
      this.#run()
    })
  }

  clear(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
