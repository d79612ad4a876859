import { describe, expect, it } from 'vitest'
import { parseProperties } from '../../../src/lib/config/java-properties.ts'

const pairs = (text: string) => parseProperties(text).map(({ key, value }) => [key, value])

describe('a properties file is read as Java reads it', () => {
  it.each<[string, string, [string, string][]]>([
    ['an equals sign', 'a=b', [['a', 'b']]],
    ['a colon', 'a:b', [['a', 'b']]],
    ['a blank', 'a b c', [['a', 'b c']]],
    ['blanks around the sign', 'a \t= b', [['a', 'b']]],
    ['only one sign of two', 'a==b', [['a', '=b']]],
    ['blanks at the end of a value', 'a=b  ', [['a', 'b  ']]],
    ['a key alone', 'a', [['a', '']]],
    ['a sign alone', '=b', [['', 'b']]],
    ['an address', 'listeners=PLAINTEXT://:9092', [['listeners', 'PLAINTEXT://:9092']]],
    ['a sign that is part of the key', 'a\\=b\\:c\\ d=e', [['a=b:c d', 'e']]],
    ['escapes', 'a=\\t\\n\\u00e4\\\\\\q', [['a', '\t\nä\\q']]],
    [
      'a key that comes twice',
      'a=1\na=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    [
      'other ends of lines',
      'a=1\r\nb=2\rc=3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['nothing', '\n \n', []],
  ])('%s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  it('leaves out comments, which blanks may precede', () => {
    expect(pairs('# a=1\n  ! b=2\nc=#3')).toEqual([['c', '#3']])
  })

  it('joins a line that ends in a backslash with the next, without the blanks before that', () => {
    expect(pairs('a=one,\\\n    two,\\\n\tthree\nb=4')).toEqual([
      ['a', 'one,two,three'],
      ['b', '4'],
    ])
  })

  it('joins no line that ends in a backslash which is itself escaped', () => {
    expect(pairs('a=C:\\\\\nb=2')).toEqual([
      ['a', 'C:\\'],
      ['b', '2'],
    ])
  })

  it('takes a comment that continues a line for its value', () => {
    expect(pairs('a=1\\\n# b')).toEqual([['a', '1# b']])
  })

  it('knows on which line each begins', () => {
    expect(parseProperties('# x\na=1\\\n2\n\nb=3').map(({ line }) => line)).toEqual([2, 5])
  })
})
