import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../src/lib/model/figure.ts'
import { toJson, toJsonObject, type Value } from '../../../src/lib/output/value.ts'

const max = Number.MAX_SAFE_INTEGER

describe('a value for machines', () => {
  it.each<[Value, unknown]>([
    [1n, 1],
    [BigInt(max), max],
    [BigInt(max) + 1n, '9007199254740992'],
    [-BigInt(max), -max],
    [-BigInt(max) - 1n, '-9007199254740992'],
    [2n ** 63n - 1n, '9223372036854775807'],
    [2 ** 53, '9007199254740992'],
    [1.5, 1.5],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [undefined, null],
    [null, null],
    ['', ''],
    [false, false],
    [
      [1n, 'a', [2n ** 60n]],
      [1, 'a', ['1152921504606846976']],
    ],
    [
      { a: 1n, b: undefined },
      { a: 1, b: null },
    ],
  ])('%s is %s', (value, json) => {
    expect(toJson(value)).toEqual(json)
  })

  it.each<[string, Figure, unknown]>([
    ['exact', { value: 5n, from: 'broker', bound: 'exact' }, { lag: 5 }],
    [
      'at least',
      { value: 5n, from: 'file', bound: 'atLeast', reason: 'the active segment is open' },
      { lag: 5, lagInfo: { from: 'file', bound: 'atLeast', reason: 'the active segment is open' } },
    ],
    [
      'as of',
      { value: 5, from: 'file', bound: 'asOf' },
      { lag: 5, lagInfo: { from: 'file', bound: 'asOf' } },
    ],
    ['unknown', { unknown: true, reason: 'no leader' }, { lag: null, lagInfo: { reason: 'no leader' } }],
  ])('a figure that is %s tells so beside its number', (_, lag, json) => {
    expect(toJsonObject([['lag', lag]])).toEqual(json)
    expect(toJson({ nested: { lag } })).toEqual({ nested: json })
  })
})
