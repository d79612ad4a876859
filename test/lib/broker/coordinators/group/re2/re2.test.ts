import { describe, expect, it } from 'vitest'
import { compileRe2 } from '../../../../../../src/lib/broker/coordinators/group/re2/re2.ts'

describe('a pattern of topics', () => {
  it.each([
    ['orders-.*', ['orders-', 'orders-1'], ['orders', 'xorders-1']],
    ['(?i)ORDERS|bills', ['orders', 'OrDeRs', 'BILLS'], ['orders-bills']],
    ['a{2,3}', ['aa', 'aaa'], ['a', 'aaaa']],
    ['a{2}b?c+', ['aac', 'aabcc'], ['aab']],
    ['[[:alpha:]_]+[^a-c]', ['ab_d'], ['aba', '1d']],
    ['\\p{Lu}\\d\\.\\x41\\Q.*\\E', ['B7.A.*'], ['b7.A.*', 'B7.Axx']],
    ['^(?:a|b)$', ['a', 'b'], ['ab', '']],
    ['(?P<name>x)?', ['', 'x'], ['xx']],
    ['x{,2}', ['x{,2}'], ['x', 'xx']],
    ['\\bto\\b-be', ['to-be'], ['tobe']],
  ])('%s matches whole names', (pattern, matching, others) => {
    const { matches } = compileRe2(pattern)
    expect(matching.filter((name) => !matches(name))).toEqual([])
    expect(others.filter((name) => matches(name))).toEqual([])
  })

  it.each([
    ['(', 'missing closing )'],
    ['a)', 'regexp/syntax: internal error'],
    ['[a', 'missing closing ]'],
    ['*a', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['a{2,1}', 'invalid repeat count'],
    ['a{1001}', 'invalid repeat count'],
    ['[b-a]', 'invalid character class range'],
    ['\\p{Nobody}', 'invalid character class range'],
    ['(a)\\1', 'invalid escape sequence'],
    ['a\\', 'trailing backslash at end of expression'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?<na-me>a)', 'invalid named capture'],
    ['(?<n>a)(?<n>b)', 'duplicate capture group name'],
  ])('%s is refused in the words of RE2/J', (pattern, message) => {
    expect(() => compileRe2(pattern)).toThrow(message)
  })

  it('takes no longer for being meant to', () => {
    const { matches } = compileRe2('(a|aa|(a+)+)+b')
    expect(matches('a'.repeat(249))).toBe(false)
  })
})
