import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/lib/errors.ts'
import { formatDuration, parseDuration } from '../../../src/lib/values/durations.ts'

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['0s', 0],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['1w2d3h4m5s6ms', 604_800_000 + 2 * 86_400_000 + 3 * 3_600_000 + 4 * 60_000 + 5_006],
    ['PT1H30M', 5_400_000],
    ['P7D', 604_800_000],
    ['P1DT12H', 129_600_000],
    ['pt0.5s', 500],
  ])('is read from %s', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs)
  })

  it.each([
    '',
    's',
    '-5s',
    '5',
    '5x',
    '1h 30m',
    '30m1h',
    '5s5s',
    'PT',
    'P',
    '1h30',
    '99999999999999w',
    'NaN',
  ])('is refused as "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(UsageError)
  })

  it('asks for the unit of a bare number', () => {
    expect(() => parseDuration('30')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('30s') }),
    )
  })

  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1500, '1.5s'],
    [9_990, '9.9s'],
    [10_000, '10s'],
    [59_999, '59s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [5_400_999, '1h30m'],
    [187_200_000, '2d4h'],
    [-90_000, '-1m30s'],
  ])('of %i ms is printed as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
  })

  it.each([0, 1, 999, 1000, 1500, 45_000, 5_400_000, 187_200_000])(
    'of %i ms is read back as it was printed',
    (durationMs) => {
      expect(parseDuration(formatDuration(durationMs))).toBe(durationMs)
    },
  )
})
