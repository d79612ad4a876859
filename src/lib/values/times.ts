import { UsageError } from '../errors.ts'
import { formatDuration, parseDuration } from './durations.ts'

/** What a Date can hold; beyond it there is no calendar. */
const MAX_DATE_MS = 8.64e15
const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/i

/**
 * A moment as it is typed: `@-1h`, `@+5m`, `@now`, `@2026-01-15`, `@2026-01-15T10:00:00Z`, `@1768471200000`.
 * The `@` keeps a time apart from an offset, which is a bare number. UTC unless a zone is written.
 */
export function parseTime(text: string, nowMs: number): number {
  if (!text.startsWith('@')) throw notATime(text, 'a time starts with @; a bare number is an offset')
  const timeMs = momentOf(text.slice(1), nowMs)
  if (timeMs === undefined || Number.isNaN(timeMs) || Math.abs(timeMs) > MAX_DATE_MS) throw notATime(text)
  return timeMs
}

/** RFC 3339 in UTC, or the bare digits where the calendar ends. */
export function formatTime(timeMs: number | bigint): string {
  const value = Number(timeMs)
  return Math.abs(value) <= MAX_DATE_MS ? new Date(value).toISOString() : String(timeMs)
}

/** The times that records were asked for, as they were understood: relative ones and zones are easily mistaken. */
export function tellTimes(fromMs: number | undefined, toMs: number | undefined): string[] {
  const ends = [
    ...(fromMs === undefined ? [] : [`from ${formatTime(fromMs)}`]),
    ...(toMs === undefined ? [] : [`to ${formatTime(toMs)}`]),
  ]
  return ends.length === 0 ? [] : [`records ${ends.join(', ')}`]
}

/** How people say it: `3m ago`, `in 2h`, `now`. */
export function formatAge(timeMs: number | bigint, nowMs: number): string {
  const agoMs = nowMs - Number(timeMs)
  if (Math.abs(agoMs) < 1000) return 'now'
  return agoMs > 0 ? `${wholeSeconds(agoMs)} ago` : `in ${wholeSeconds(-agoMs)}`
}

function momentOf(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs
  if (/^[+-]/.test(text)) return nowMs + (text.startsWith('-') ? -1 : 1) * parseDuration(text.slice(1))
  if (/^\d+$/.test(text)) return Number(text)
  if (DATE.test(text)) return calendar(text, '00:00:00', 'Z')
  const [, date, time, zone = 'Z'] = DATE_TIME.exec(text) ?? []
  return date === undefined || time === undefined ? undefined : calendar(date, time, zone)
}

/** As certificates are told of: `Nov 22 19:09:25 2027 GMT`. */
export function certificateTimeMs(text: string): number {
  return Date.parse(text)
}

/** Date.parse moves 30 February to March; a date that does not exist is a slip, not another date. */
function calendar(date: string, time: string, zone: string): number | undefined {
  const midnight = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return undefined
  const colonZone = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  // More than milliseconds cannot be kept: Kafka's timestamps have no more.
  return Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${colonZone}`)
}

function wholeSeconds(durationMs: number): string {
  return formatDuration(durationMs < 60_000 ? Math.floor(durationMs / 1000) * 1000 : durationMs)
}

function notATime(text: string, hint?: string): UsageError {
  return new UsageError('invalid-time', `"${text}" is no time`, {
    hint: hint ?? 'a time is written like @-1h, @2026-01-15, @2026-01-15T10:00:00+01:00 or @1768471200000',
  })
}
