import type { LogLevel, LogSink } from '../../ports/log-sink.ts'

/** What Kafka calls its levels, the quietest last, and the lines of ours that each still lets through. */
const quietest: Readonly<Record<string, LogLevel | 'none'>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'none',
}
const ranks: Readonly<Record<LogLevel | 'none', number>> = { debug: 0, info: 1, warn: 2, error: 3, none: 4 }

/** Kafka's levels as it names them where it refuses another. */
export const loggerLevels: readonly string[] = Object.keys(quietest).sort()

/** What the broker tells its operator, from a level on that clients may set; it is forgotten when the broker stops. */
export class RootLogger implements LogSink {
  readonly #sink: LogSink
  #level = 'INFO'
  #from = ranks.debug

  constructor(sink: LogSink) {
    this.#sink = sink
  }

  get level(): string {
    return this.#level
  }

  setLevel(level: string): void {
    this.#level = level
    this.#from = ranks[quietest[level] ?? 'info']
  }

  log(level: LogLevel, message: string, facts?: Record<string, unknown>): void {
    if (ranks[level] >= this.#from) this.#sink.log(level, message, facts)
  }
}
