import type { Clock } from './clock.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What the program tells its operator, apart from the results it was asked for. */
export interface LogSink {
  log(level: LogLevel, message: string, facts?: Record<string, unknown>): void
}

/** Enough for a peer, an API and a reason; a hostile peer cannot fill a disk with one line. */
const MAX_LINE_BYTES = 512

/** One line an event: time, level, message, facts as key=value. */
export function lineLog(writeLine: (line: string) => void, clock: Clock): LogSink {
  return {
    log(level, message, facts = {}) {
      const time = new Date(clock.nowMs()).toISOString()
      const pairs = Object.entries(facts).map(([key, value]) => `${key}=${asFact(value)}`)
      writeLine(cut(printable([time, level.toUpperCase().padEnd(5), message, ...pairs].join(' '))))
    },
  }
}

function asFact(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? asJson(value) : String(value)
  return /^[^\s="]+$/.test(text) ? text : JSON.stringify(text)
}

function asJson(value: object): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part))
}

/** Line feeds would forge lines, escapes would drive the reader's terminal. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (char) => `\\x${char.codePointAt(0)?.toString(16).padStart(2, '0')}`,
  )
}

function cut(line: string): string {
  if (Buffer.byteLength(line) <= MAX_LINE_BYTES) return line
  // A cut inside a character leaves a replacement character, which is dropped.
  return `${Buffer.from(line)
    .toString('utf8', 0, MAX_LINE_BYTES - 3)
    .replace(/\uFFFD$/, '')}…`
}
