import { ConnectionError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import { pause } from '../ports/pause.ts'

/** One broker that says nothing may take this of what is left, so that there is time to ask another. */
const SHARE = 0.5
/** Nobody waits longer for one answer, whatever is left. */
const LONGEST_MS = 30_000
/** Who is asked once more needs time to answer, or his last answer would be lost for nothing. */
const ANSWER_MS = 50

/** When a command gives up, whatever it asks. */
export class Deadline {
  readonly timeoutMs: number
  readonly #clock: Clock
  #endMs: number

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.timeoutMs = timeoutMs
    this.#endMs = clock.monotonicMs() + timeoutMs
  }

  /** For work without an end of its own, the time begins anew with each of its pieces; and when a person was asked. */
  renew(): void {
    this.#endMs = this.#clock.monotonicMs() + this.timeoutMs
  }

  leftMs(): number {
    return Math.max(0, this.#endMs - this.#clock.monotonicMs())
  }

  /** How long to wait for one answer; whole milliseconds, for requests that say it to the broker. */
  patienceMs(): number {
    return Math.ceil(Math.min(this.leftMs() * SHARE, LONGEST_MS))
  }

  /** Waits before something is tried again; false where there is no time for that. */
  async pause(forMs: number): Promise<boolean> {
    if (this.leftMs() <= forMs + ANSWER_MS) return false
    await pause(this.#clock, forMs)
    return true
  }

  missed(what: string): ConnectionError {
    return new ConnectionError('timed-out', `${what}: no answer within ${this.timeoutMs / 1000} s`, {
      hint: 'give it more time with --timeout 60s, or see whether the brokers are well',
    })
  }
}
