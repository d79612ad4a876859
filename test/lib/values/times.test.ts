import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/lib/errors.ts'
import { formatAge, formatTime, parseTime, tellTimes } from '../../../src/lib/values/times.ts'

const nowMs = Date.parse('2026-01-15T12:00:00.000Z')

describe('a time', () => {
  it.each([
    ['@now', '2026-01-15T12:00:00.000Z'],
    ['@-1h', '2026-01-15T11:00:00.000Z'],
    ['@-1h30m', '2026-01-15T10:30:00.000Z'],
    ['@-PT1H', '2026-01-15T11:00:00.000Z'],
    ['@+5m', '2026-01-15T12:05:00.000Z'],
    ['@2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['@2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['@2026-01-15T10:00', '2026-01-15T10:00:00.000Z'],
    ['@2026-01-15 10:00:01', '2026-01-15T10:00:01.000Z'],
    ['@2026-01-15T10:00:00.5Z', '2026-01-15T10:00:00.500Z'],
    ['@2026-01-15T10:00:00.123456789Z', '2026-01-15T10:00:00.123Z'],
    ['@2026-01-15T10:00:00+01:00', '2026-01-15T09:00:00.000Z'],
    ['@2026-01-15t10:00:00z', '2026-01-15T10:00:00.000Z'],
    ['@2026-01-15T10:00:00-0530', '2026-01-15T15:30:00.000Z'],
    ['@1768471200000', '2026-01-15T10:00:00.000Z'],
    ['@0', '1970-01-01T00:00:00.000Z'],
  ])('is read from %s', (text, time) => {
    expect(formatTime(parseTime(text, nowMs))).toBe(time)
  })

  it.each([
    '@',
    '@yesterday',
    '@-',
    '@-5',
    '@2026-02-30',
    '@2025-02-29',
    '@2026-13-01',
    '@2026-01-15T25:00',
    '@2026-01-15T10:00:00+99:99',
    '@99999999999999999',
    '@1e3',
    '@ 1',
  ])('is refused as "%s"', (text) => {
    expect(() => parseTime(text, nowMs)).toThrow(UsageError)
  })

  it('needs its @, so that it is not taken for an offset', () => {
    expect(() => parseTime('1768471200000', nowMs)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('@') }),
    )
  })

  it.each([
    [undefined, undefined, []],
    [0, undefined, ['records from 1970-01-01T00:00:00.000Z']],
    [undefined, 1, ['records to 1970-01-01T00:00:00.001Z']],
    [0, 1, ['records from 1970-01-01T00:00:00.000Z, to 1970-01-01T00:00:00.001Z']],
  ])('is said back from %s to %s', (fromMs, toMs, notes) => {
    expect(tellTimes(fromMs, toMs)).toEqual(notes)
  })

  it.each([
    [nowMs - 999, 'now'],
    [nowMs - 1000, '1s ago'],
    [nowMs - 59_999, '59s ago'],
    [nowMs - 185_000, '3m5s ago'],
    [nowMs - 26 * 3_600_000, '1d2h ago'],
    [nowMs + 7_200_000, 'in 2h'],
  ])('at %i is said as %s', (timeMs, text) => {
    expect(formatAge(timeMs, nowMs)).toBe(text)
  })

  it('beyond the calendar prints its digits', () => {
    expect(formatTime(2n ** 63n - 1n)).toBe('9223372036854775807')
  })
})
