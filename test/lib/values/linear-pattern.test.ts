import { describe, expect, it } from 'vitest'
import { DataError } from '../../../src/lib/errors.ts'
import { LinearPattern } from '../../../src/lib/values/linear-pattern.ts'
import { randomDraw, seedOfRun } from '../../random.ts'

const matches = (pattern: string, text: string) => new LinearPattern(pattern).matches(text)

describe('a pattern', () => {
  it('matches the whole text', () => {
    expect(matches('pay.*', 'payments')).toBe(true)
    expect(matches('pay', 'payments')).toBe(false)
    expect(matches('', '')).toBe(true)
    expect(matches('^payments$', 'payments')).toBe(true)
  })

  it.each([
    ['[[:alpha:]]+-\\d{2,3}', 'etl-42', 'etl-4'],
    ['[^a-c]x', 'dx', 'bx'],
    ['[]a-]+', 'a]-', 'b'],
    ['(?i)Orders', 'oRDERS', 'order'],
    ['a(?i:B)c', 'abc', 'abC'],
    ['\\pL+', 'größe', 'a1'],
    ['\\p{Greek}\\P{Greek}', 'αb', 'ab'],
    ['\\x41\\x{1F600}', 'A😀', 'B😀'],
    ['a\\.b', 'a.b', 'acb'],
    ['(?P<name>a|b)?c', 'c', 'abc'],
    ['\\bfoo\\b.*', 'foo bar', 'foobar'],
    ['(a|ab)(c|bcd)', 'abcd', 'abd'],
    ['.', 'x', '\n'],
    ['(?s).', '\n', ''],
  ])('%s matches %s, not %s', (pattern, yes, no) => {
    expect(matches(pattern, yes)).toBe(true)
    expect(matches(pattern, no)).toBe(false)
  })

  it.each([
    '(',
    ')',
    '[a',
    'a**',
    '*a',
    '(?=a)',
    '(?<!a)b',
    '\\1',
    '\\q',
    'a{1001}',
    'a{3,1}',
    '[b-a]',
    'a\\',
  ])('is none: %s', (pattern) => {
    expect(() => new LinearPattern(pattern)).toThrow(DataError)
  })

  it('takes no time to speak of where trying one way after the other would take for ever', () => {
    const before = performance.now()
    expect(matches('(a+)+b', 'a'.repeat(2000))).toBe(false)
    expect(matches('(a?){500}a{500}', 'a'.repeat(500))).toBe(true)
    expect(performance.now() - before).toBeLessThan(5000)
  })

  it('is refused where its repetitions multiply', () => {
    expect(() => new LinearPattern('((a{100}){100}){100}')).toThrow('too large')
    expect(() => new LinearPattern('('.repeat(10_000))).toThrow(DataError)
  })
})

const seed = seedOfRun()

describe(`random patterns, seed ${seed}`, () => {
  const draw = randomDraw(seed)
  const below = (limit: number) => Math.floor(draw() * limit)
  const pieces = ['a', 'b', 'ab', '[ab]', '[^a]', '.', '(a|b)', '(ab|a)', '(b*a)', '\\w', '(a|)']
  const counts = ['', '', '*', '+', '?', '{2}', '{1,2}', '*?']

  it('match what JavaScript finds that they match', () => {
    for (let i = 0; i < 2000; i++) {
      const parts = Array.from({ length: 1 + below(4) }, () => `${pieces[below(11)]}${counts[below(8)]}`)
      const pattern = parts.join(draw() < 0.2 ? '|' : '')
      const text = Array.from({ length: below(7) }, () => 'abc'[below(3)]).join('')
      expect(matches(pattern, text), `${pattern} on ${text}`).toBe(new RegExp(`^(?:${pattern})$`).test(text))
    }
  })
})
