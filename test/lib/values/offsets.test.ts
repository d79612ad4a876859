import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/lib/errors.ts'
import { parseOffset } from '../../../src/lib/values/offsets.ts'

const nowMs = 1_768_478_400_000

describe('an offset', () => {
  it.each([
    ['start', { kind: 'start' }],
    ['earliest', { kind: 'start' }],
    ['end', { kind: 'end' }],
    ['latest', { kind: 'end' }],
    ['current', { kind: 'current' }],
    ['0', { kind: 'offset', offset: 0n }],
    ['9223372036854775807', { kind: 'offset', offset: 9223372036854775807n }],
    ['+5', { kind: 'shift', by: 5n }],
    ['-10', { kind: 'shift', by: -10n }],
    ['@-1h', { kind: 'time', timeMs: nowMs - 3_600_000 }],
    ['@1768471200000', { kind: 'time', timeMs: 1_768_471_200_000 }],
  ])('is read from %s', (text, spec) => {
    expect(parseOffset(text, nowMs)).toEqual(spec)
  })

  it.each(['', '+', '--1', '1.5', '9223372036854775808', 'begin', 'constructor', '1 2', '@soon'])(
    'is refused as "%s"',
    (text) => {
      expect(() => parseOffset(text, nowMs)).toThrow(UsageError)
    },
  )
})
