import type { Clock } from '../../../../ports/clock.ts'
import { Deadline } from '../deadline.ts'

/** What happens to members of newer groups unless it is put off: by what it is, the group and the member. */
export class Timers {
  readonly #clock: Clock
  readonly #deadlines = new Map<string, Deadline>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  schedule(key: string, delayMs: number, run: () => void): void {
    this.cancel(key)
    const deadline = new Deadline(this.#clock, () => {
      this.#deadlines.delete(key)
      run()
    })
    this.#deadlines.set(key, deadline)
    deadline.putOff(delayMs)
  }

  scheduleIfAbsent(key: string, delayMs: number, run: () => void): void {
    if (!this.isScheduled(key)) this.schedule(key, delayMs, run)
  }

  isScheduled(key: string): boolean {
    return this.#deadlines.has(key)
  }

  cancel(key: string): void {
    this.#deadlines.get(key)?.clear()
    this.#deadlines.delete(key)
  }

  clear(): void {
    for (const deadline of this.#deadlines.values()) deadline.clear()
    this.#deadlines.clear()
  }
}
