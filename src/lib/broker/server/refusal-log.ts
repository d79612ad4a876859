import type { KtoolError } from '../../errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'

const LINES_PER_PERIOD = 20
const PERIOD_MS = 1000

/** One line for each connection that was cut off, and no more than a reader can follow. */
export class RefusalLog {
  readonly #log: LogSink
  readonly #clock: Clock
  #periodEndsMs = 0
  #lines = 0
  #unsaid = 0

  constructor(log: LogSink, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  refused(peer: string, error: KtoolError, facts: Record<string, unknown> = {}): void {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs >= this.#periodEndsMs) this.#beginPeriod(nowMs)
    this.#lines++
    if (this.#lines > LINES_PER_PERIOD) {
      this.#unsaid++
      return
    }
    this.#log.log('warn', 'closed a connection', { peer, reason: error.message, ...facts })
  }

  #beginPeriod(nowMs: number): void {
    this.#periodEndsMs = nowMs + PERIOD_MS
    if (this.#unsaid > 0) this.#log.log('warn', 'closed more connections', { count: this.#unsaid })
    this.#lines = 0
    this.#unsaid = 0
  }
}
