import { expect, test } from 'vitest'
import { Message } from '../../../src/lib/schema/message.ts'
import { float64, int64 } from '../../../src/lib/schema/numbers.ts'

const quota = new Message(
  { name: 'Quota', versions: { min: 0, max: 0 }, flexibleFrom: 1 },
  { value: float64 },
)
const offset = new Message(
  { name: 'Offset', versions: { min: 0, max: 0 }, flexibleFrom: 1 },
  { value: int64 },
)

/** Through the text of JSON, as it leaves the program and comes back. */
function throughText(message: typeof quota | typeof offset, hex: string): { json: unknown; hex: string } {
  const value = message.decode(Buffer.from(hex, 'hex'), 0)
  const text = JSON.stringify((message as typeof quota).toJson(value as never, 0))
  const back = (message as typeof quota).fromJson(JSON.parse(text), 0)
  return { json: JSON.parse(text).value, hex: message.encode(back as never, 0).toString('hex') }
}

test.each([
  ['3ff8000000000000', 1.5],
  ['0000000000000001', 5e-324],
  ['7fefffffffffffff', Number.MAX_VALUE],
  ['8000000000000000', '-0.0'],
  ['7ff0000000000000', 'Infinity'],
  ['fff0000000000000', '-Infinity'],
  ['7ff8000000000000', 'NaN'],
])('a double %s is %s in JSON, and comes back', (hex, json) => {
  expect(throughText(quota, hex)).toStrictEqual({ json, hex })
})

test.each([
  ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['ffe0000000000001', Number.MIN_SAFE_INTEGER],
  ['0020000000000000', '9007199254740992'],
  ['ffe0000000000000', '-9007199254740992'],
  ['7fffffffffffffff', '9223372036854775807'],
  ['8000000000000000', '-9223372036854775808'],
  ['ffffffffffffffff', -1],
])('an int64 %s is %s in JSON, and comes back', (hex, json) => {
  expect(throughText(offset, hex)).toStrictEqual({ json, hex })
})

test.each(['toString', 'nan', '', '1.5', null, true, [1]])('%j is no double', (json) => {
  expect(() => quota.fromJson({ value: json }, 0)).toThrow(/value must be a number/)
})

test.each(['9223372036854775808', '-9223372036854775809', '1e3', '0x10', '', ' 1', 1.5, 2 ** 53, null])(
  '%j is no int64',
  (json) => {
    expect(() => offset.fromJson({ value: json }, 0)).toThrow(/value must be an int64/)
  },
)
