import type { Clock } from '../ports/clock.ts'
import type { LogLevel, LogSink } from '../ports/log-sink.ts'

const PERIOD_MS = 10_000

interface Said {
  readonly atMs: number
  unsaid: number
}

/**
 * A disk that is full refuses every client again and again. Of errors of one kind the operator hears the first, and
 * one in ten seconds after that, which tells how many there were meanwhile.
 */
export class RepeatedErrors implements LogSink {
  readonly #log: LogSink
  readonly #clock: Clock
  readonly #said = new Map<string, Said>()

  constructor(log: LogSink, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  log(level: LogLevel, message: string, facts: Record<string, unknown> = {}): void {
    if (level === 'error') this.#error(message, facts)
    else this.#log.log(level, message, facts)
  }

  #error(message: string, facts: Record<string, unknown>): void {
    const kind = [message, facts.work].join(' ')
    const nowMs = this.#clock.monotonicMs()
    const said = this.#said.get(kind)
    if (said !== undefined && nowMs < said.atMs + PERIOD_MS) {
      said.unsaid++
      return
    }
    this.#said.set(kind, { atMs: nowMs, unsaid: 0 })
    const more = said === undefined || said.unsaid === 0 ? {} : { notToldBefore: said.unsaid }
    this.#log.log('error', message, { ...facts, ...more })
  }
}
