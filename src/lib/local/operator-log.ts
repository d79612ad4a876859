import type { Clock } from '../ports/clock.ts'
import { type LogLevel, type LogSink, lineLog } from '../ports/log-sink.ts'

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
/** A reader who does not keep up misses lines: they are not kept for him in memory. */
const MOST_WAITING = 1000

interface LineOutlet {
  write(text: string): Promise<unknown>
}

/** Lines for the operator from this level on. */
export function operatorLog(outlet: LineOutlet, clock: Clock, from: LogLevel): LogSink {
  let waiting = 0
  const lines = lineLog((line) => {
    if (waiting >= MOST_WAITING) return
    waiting += 1
    const done = () => {
      waiting -= 1
    }
    outlet.write(`${line}\n`).then(done, done)
  }, clock)
  return {
    log(level, message, facts) {
      if (ranks[level] >= ranks[from]) lines.log(level, message, facts)
    },
  }
}
