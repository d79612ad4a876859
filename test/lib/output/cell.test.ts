import { describe, expect, it } from 'vitest'
import { cell } from '../../../src/lib/output/cell.ts'
import type { ColumnKind } from '../../../src/lib/output/shape.ts'
import type { Value } from '../../../src/lib/output/value.ts'

const hour = 3_600_000
const nowMs = 400 * hour

describe('a cell', () => {
  it.each<[Value, ColumnKind, string, string]>([
    [null, 'text', '-', '-'],
    [undefined, 'number', '-', '-'],
    ['', 'text', '""', '""'],
    ['a\tb\n\u009b', 'text', 'a\\tb\\n\\x9b', 'a\\tb\\n\\x9b'],
    [true, 'text', 'yes', 'yes'],
    [false, 'text', 'no', 'no'],
    [0, 'number', '0', '0'],
    [2n ** 63n - 1n, 'number', '9223372036854775807', '9223372036854775807'],
    [nowMs - hour, 'time', '1h ago', '1970-01-17T15:00:00.000Z'],
    [nowMs - 168 * hour, 'time', '7d ago', '1970-01-10T16:00:00.000Z'],
    [nowMs - 169 * hour, 'time', '1970-01-10T15:00:00.000Z', '1970-01-10T15:00:00.000Z'],
    [nowMs + 169 * hour, 'time', '1970-01-24T17:00:00.000Z', '1970-01-24T17:00:00.000Z'],
    [nowMs - hour, 'moment', '1970-01-17T15:00:00.000Z', '1970-01-17T15:00:00.000Z'],
    [-1n, 'moment', '-', '-'],
    [-1, 'time', '-', '-'],
    [-1n, 'time', '-', '-'],
    [90_000, 'duration', '1m30s', '1m30s'],
    [1536, 'size', '1.5KiB', '1.5KiB'],
    [[], 'text', '-', '-'],
    [[1, 2n, null], 'number', '1,2,-', '1,2,-'],
    [
      { a: '\u202e', b: 2n ** 60n },
      'text',
      '{"a":"\\u202e","b":"1152921504606846976"}',
      '{"a":"\\u202e","b":"1152921504606846976"}',
    ],
    [{ value: 5n, from: 'broker', bound: 'exact' }, 'number', '5', '5'],
    [{ value: 5, from: 'file', bound: 'atLeast' }, 'number', '≥5', '5'],
    [{ value: 1024, from: 'file', bound: 'asOf' }, 'size', '~1KiB', '1KiB'],
    [{ unknown: true, reason: 'no leader' }, 'number', '?', '-'],
  ])('of %o as %s', (value, kind, onTerminal, inPipe) => {
    expect(cell(value, kind, { isTerminal: true, nowMs })).toBe(onTerminal)
    expect(cell(value, kind, { isTerminal: false, nowMs })).toBe(inPipe)
  })
})
