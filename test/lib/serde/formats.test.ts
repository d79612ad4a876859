import { describe, expect, test } from 'vitest'
import { DataError } from '../../../src/lib/errors.ts'
import { deserialize } from '../../../src/lib/serde/deserialize.ts'
import { type SerdeFormat, serdeFormats } from '../../../src/lib/serde/formats.ts'
import { serialize } from '../../../src/lib/serde/serialize.ts'

const ascii = (text: string) => Buffer.from(text, 'latin1')
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const uuid = '00112233-4455-6677-8899-aabbccddeeff'

describe('bytes in a format', () => {
  test.each<[SerdeFormat, Buffer, unknown]>([
    ['text', Buffer.from('grüße 😀'), 'grüße 😀'],
    ['text', Buffer.alloc(0), ''],
    ['hex', hex('00 ff 7f'), '00ff7f'],
    ['json', ascii('{"a":[1,null,true],"b":"x"}'), { a: [1, null, true], b: 'x' }],
    ['json', ascii(' 12.50 '), 12.5],
    ['json', ascii('"quoted"'), 'quoted'],
    ['json', ascii('not json'), 'not json'],
    ['json', ascii('{"cut":'), '{"cut":'],
    ['json', Buffer.alloc(0), ''],
    ['short', hex('80 00'), -32768],
    ['int', hex('ff ff ff fe'), -2],
    ['float', hex('3d cc cc cd'), 0.1],
    ['float', hex('7f 7f ff ff'), 3.4028235e38],
    ['float', hex('00 00 00 01'), 1e-45],
    ['float', hex('7f c0 00 00'), 'NaN'],
    ['double', hex('3f b9 99 99 99 99 99 9a'), 0.1],
    ['double', hex('ff f0 00 00 00 00 00 00'), '-Infinity'],
    ['double', hex('80 00 00 00 00 00 00 00'), '-0'],
    ['long', hex('00 00 01 8b cf e5 68 00'), 1_700_000_000_000],
    ['long', hex('7f ff ff ff ff ff ff ff'), '9223372036854775807'],
    ['long', hex('80 00 00 00 00 00 00 00'), '-9223372036854775808'],
    ['uuid', hex(uuid.replaceAll('-', '')), uuid],
  ])('%s of %o is %o', (format, bytes, value) => {
    expect(deserialize(format, bytes)).toEqual({ isBase64: false, value })
  })

  test.each<[SerdeFormat, Buffer]>([
    ['text', hex('c3 28')],
    ['text', hex('ed a0 80')],
    ['json', hex('22 ff 22')],
    ['short', hex('00')],
    ['int', hex('00 00 00')],
    ['int', Buffer.alloc(8)],
    ['float', Buffer.alloc(8)],
    ['float', hex('7f c0 00 01')],
    ['double', Buffer.alloc(4)],
    ['long', Buffer.alloc(4)],
    ['uuid', Buffer.alloc(15)],
    ['base64', ascii('any')],
  ])('what %s cannot say is base64: %o', (format, bytes) => {
    expect(deserialize(format, bytes)).toEqual({ isBase64: true, value: bytes.toString('base64') })
  })

  test('a value that is not there is null in every format', () => {
    for (const format of serdeFormats) {
      expect(deserialize(format, null)).toEqual({ isBase64: format === 'base64', value: null })
      expect(serialize(format, null)).toBeNull()
    }
  })

  test('the JSON literal null is no missing value', () => {
    for (const text of ['null', ' null\n']) {
      expect(deserialize('json', ascii(text))).toEqual({
        isBase64: true,
        value: ascii(text).toString('base64'),
      })
    }
  })
})

describe('JSON in a record', () => {
  const json = (text: string) => deserialize('json', Buffer.from(text)).value

  test('keeps the digits of integers that JavaScript would round, and only those', () => {
    expect(json('12345678901234567890')).toBe('12345678901234567890')
    expect(json('{"id":9007199254740993,"ok":9007199254740991,"-":[-9007199254740993]}')).toEqual({
      id: '9007199254740993',
      ok: 9007199254740991,
      '-': ['-9007199254740993'],
    })
    expect(json('{"9007199254740993":"9007199254740993 \\" 9007199254740993"}')).toEqual({
      '9007199254740993': '9007199254740993 " 9007199254740993',
    })
    expect(json('[1234567890123.25,1e30]')).toEqual([1234567890123.25, 1e30])
    expect(json('00000000000000001')).toBe('00000000000000001')
  })

  test('is text where it is nested deeper than any message', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(json(nested(256))).toBeInstanceOf(Array)
    expect(json(nested(257))).toBe(nested(257))
    expect(json(nested(2_000_000))).toBe(nested(2_000_000))
  })

  test('that never ends takes no longer than it is long', () => {
    const hostile = `"${'\\"'.repeat(1_000_000)}`
    expect(json(hostile)).toBe(hostile)
  })

  test('cannot reach the prototype of what it becomes part of', () => {
    const value = json('{"__proto__":{"polluted":1}}') as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}')
  })
})

describe('a format in bytes', () => {
  test.each<[SerdeFormat, Buffer]>([
    ['text', Buffer.from('grüße')],
    ['hex', hex('00ff')],
    ['base64', hex('00ff10')],
    ['json', ascii('{"a":[1,"x"]}')],
    ['int', hex('80000000')],
    ['long', hex('7fffffffffffffff')],
    ['short', hex('8001')],
    ['float', hex('c0490fdb')],
    ['float', hex('80000000')],
    ['float', hex('7f800000')],
    ['double', hex('400921fb54442d18')],
    ['double', hex('7ff8000000000000')],
    ['uuid', hex(uuid.replaceAll('-', ''))],
  ])('%s reads back what it showed', (format, bytes) => {
    expect(serialize(format, deserialize(format, bytes).value)).toEqual(bytes)
  })

  test.each<[SerdeFormat, string | number | boolean]>([
    ['hex', 'abc'],
    ['hex', 12],
    ['base64', 'a'],
    ['base64', 'ab=c'],
    ['short', 32768],
    ['int', 2 ** 31],
    ['float', 1e39],
    ['float', 'one'],
    ['double', '1e400'],
    ['double', ''],
    ['double', true],
    ['int', 1.5],
    ['int', '0x10'],
    ['long', '9223372036854775808'],
    ['long', 2 ** 60],
    ['uuid', '00112233'],
    ['uuid', true],
  ])('%s refuses %o in words', (format, value) => {
    expect(() => serialize(format, value)).toThrow(DataError)
    expect(() => serialize(format, value)).toThrow(/is not (a|an|pairs|base64)/)
  })

  test('text and JSON take any value', () => {
    expect(serialize('text', { a: 1 })).toEqual(ascii('{"a":1}'))
    expect(serialize('json', 'x')).toEqual(ascii('"x"'))
  })
})
