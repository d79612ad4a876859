import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../../src/lib/operations/reset-scenario.ts'

const now = Date.parse('2026-01-15T12:00:00Z')

describe('where a reset leads', () => {
  it.each([
    [{ to: 'start' }, { kind: 'start' }],
    [{ 'to-earliest': true, 'to-latest': false }, { kind: 'start' }],
    [{ 'to-latest': true }, { kind: 'end' }],
    [{ 'to-current': true }, { kind: 'current' }],
    [{ 'to-offset': '12' }, { kind: 'offset', offset: 12n }],
    [{ 'shift-by': '-3' }, { kind: 'shift', by: -3n }],
    [{ 'shift-by': '3' }, { kind: 'shift', by: 3n }],
    [{ to: '+3' }, { kind: 'shift', by: 3n }],
    [{ to: '@-1h' }, { kind: 'time', timeMs: now - 3_600_000 }],
    [{ 'by-duration': 'PT1H' }, { kind: 'time', timeMs: now - 3_600_000 }],
    [{ 'to-datetime': '2026-01-15T10:00:00.500' }, { kind: 'time', timeMs: now - 7_199_500 }],
    [{ 'to-datetime': '2026-01-15T10:00:00+01:00' }, { kind: 'time', timeMs: now - 10_800_000 }],
    [{ 'from-group': 'billing' }, { kind: 'group', group: 'billing' }],
    [{ 'from-file': '-' }, { kind: 'path', path: '-' }],
  ] as const)('%j is %o', (said, target) => {
    expect(parseScenario(said, now)).toEqual(target)
  })

  it.each([
    [{}, 'say where to'],
    [{ to: 'end', 'to-earliest': true }, '--to and --to-earliest say two things'],
    [{ 'to-offset': '+3' }, '--to-offset takes a number, not "+3"'],
    [{ 'to-datetime': '-1h' }, '"-1h" is no date with a time'],
    [{ 'to-datetime': '2026-02-30T10:00:00.000' }, 'is no time'],
  ])('%j is refused', (said, message) => {
    expect(() => parseScenario(said, now)).toThrow(message)
  })
})
