import type { Clock } from '../../../../ports/clock.ts'
import { Deadline } from '../deadline.ts'

/** Members of share groups that are not heard from in time. */
export class SessionTimers {
  readonly #clock: Clock
  readonly #deadlines = new Map<string, Deadline>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  schedule(groupId: string, memberId: string, delayMs: number, run: () => void): void {
    this.cancel(groupId, memberId)
    const deadline = new Deadline(this.#clock, run)
    this.#deadlines.set(keyOf(groupId, memberId), deadline)
    deadline.putOff(delayMs)
  }

  cancel(groupId: string, memberId: string): void {
    const key = keyOf(groupId, memberId)
    this.#deadlines.get(key)?.clear()
    this.#deadlines.delete(key)
  }

  clear(): void {
    for (const deadline of this.#deadlines.values()) deadline.clear()
    this.#deadlines.clear()
  }
}

function keyOf(groupId: string, memberId: string): string {
  return `${groupId}\0${memberId}`
}
