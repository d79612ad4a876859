import type { Clock } from '../ports/clock.ts'
import type { LogSink } from '../ports/log-sink.ts'

const LINES_PER_PERIOD = 20
const PERIOD_MS = 1000

/** Lines that clients can bring about at will, and no more of them than a reader can follow. */
export class FewLines {
  readonly #log: LogSink
  readonly #clock: Clock
  readonly #more: string
  #periodEndsMs = 0
  #lines = 0
  #unsaid = 0

  /** What is said of those that were not told one by one. */
  constructor(log: LogSink, clock: Clock, more: string) {
    this.#log = log
    this.#clock = clock
    this.#more = more
  }

  warn(message: string, facts: Record<string, unknown>): void {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs >= this.#periodEndsMs) this.#beginPeriod(nowMs)
    this.#lines++
    if (this.#lines > LINES_PER_PERIOD) {
      this.#unsaid++
      return
    }
    this.#log.log('warn', message, facts)
  }

  #beginPeriod(nowMs: number): void {
    this.#periodEndsMs = nowMs + PERIOD_MS
    if (this.#unsaid > 0) this.#log.log('warn', this.#more, { count: this.#unsaid })
    this.#lines = 0
    this.#unsaid = 0
  }
}
