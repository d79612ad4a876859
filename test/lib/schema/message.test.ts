import { describe, expect, test } from 'vitest'
import { Reader } from '../../../src/lib/bytes/reader.ts'
import { array } from '../../../src/lib/schema/array.ts'
import { Message } from '../../../src/lib/schema/message.ts'
import { int8, int16, int32, int64 } from '../../../src/lib/schema/numbers.ts'
import { struct } from '../../../src/lib/schema/struct.ts'
import { bytes, string, uuid } from '../../../src/lib/schema/text-and-bytes.ts'

const order = new Message(
  { name: 'Order', versions: { min: 0, max: 3 }, flexibleFrom: 2 },
  {
    id: int32,
    note: string.since(1).nullable(1).ignorable(),
    price: int64.since(1).default(-1n),
    lines: array({ article: string, count: int16 }),
    courier: struct({ name: string }).since(2).nullable().default(null).tagged(0),
    token: bytes.until(1),
  },
)

const hex = (value: Parameters<typeof order.encode>[0], version: number) =>
  order.encode(value, version).toString('hex')

describe('what a definition means on the wire', () => {
  test('old versions have fixed lengths, flexible ones compact lengths and tagged fields', () => {
    const value = { id: 7, note: 'hi', lines: [{ article: 'x', count: 2 }] }
    expect(hex({ ...value, note: null }, 0)).toBe('0000000700000001000178000200000000')
    expect(hex(value, 1)).toBe('0000000700026869ffffffffffffffff00000001000178000200000000')
    expect(hex(value, 2)).toBe('00000007036869ffffffffffffffff02027800020000')
  })

  test('a nullable struct has a presence byte when it is tagged, and is left out at its default', () => {
    expect(hex({ id: 1, courier: { name: 'a' } }, 2)).toBe('0000000101ffffffffffffffff0101000401026100')
    expect(hex({ id: 1, courier: null }, 2)).toBe('0000000101ffffffffffffffff0100')
  })

  test('fields that a version lacks decode to their defaults', () => {
    const value = order.decode(Buffer.from('000000070000000000000000', 'hex'), 0)
    expect(value).toStrictEqual({
      id: 7,
      note: '',
      price: -1n,
      lines: [],
      courier: null,
      token: Buffer.alloc(0),
    })
  })

  test('each decoded value has defaults of its own', () => {
    const read = () => order.decode(Buffer.from('000000070000000000000000', 'hex'), 0)
    read().lines.push({ article: 'mine', count: 1 })
    expect(read().lines).toStrictEqual([])
  })
})

describe('what a definition refuses', () => {
  test('a value that would be lost in a version without its field', () => {
    expect(() => order.encode({ price: 5n }, 0)).toThrow(/Order v0: version 0 has no field price/)
    expect(() => order.encode({ courier: { name: 'a' } }, 1)).toThrow(/has no field courier/)
  })

  test('but an ignorable one may go', () => {
    expect(() => order.encode({ note: 'gone' }, 0)).not.toThrow()
  })

  test('null where the version has no null', () => {
    expect(() => order.encode({ token: null as unknown as Buffer }, 1)).toThrow(/null/)
    expect(() => order.decode(Buffer.from('00000007ffffffff00000000', 'hex'), 0)).toThrow(
      /field lines: null at byte 4/,
    )
  })

  test('numbers that do not fit', () => {
    const small = new Message({ name: 'Small', versions: { min: 0, max: 0 }, flexibleFrom: 0 }, { a: int8 })
    expect(() => small.encode({ a: 128 }, 0)).toThrow('128 does not fit an int8')
    expect(() => small.encode({ a: 1.5 }, 0)).toThrow('1.5 does not fit an int8')
    expect(() => order.encode({ price: 2n ** 63n }, 1)).toThrow(/does not fit an int64/)
  })

  test('strings longer than an int16 can count, in flexible versions too', () => {
    expect(() => order.encode({ note: 'x'.repeat(32_768) }, 2)).toThrow(/32768 bytes/)
    expect(() => order.encode({ note: 'é'.repeat(16_384) }, 1)).toThrow(/32768 bytes/)
    expect(() => order.encode({ note: 'x'.repeat(32_767) }, 1)).not.toThrow()
  })

  test('a UUID that is not 16 bytes', () => {
    const holder = new Message(
      { name: 'Holder', versions: { min: 0, max: 0 }, flexibleFrom: 0 },
      { id: uuid },
    )
    expect(() => holder.encode({ id: 'short' }, 0)).toThrow(/not a UUID/)
  })

  test('a version that there is not', () => {
    expect(() => order.decode(Buffer.alloc(4), 4)).toThrow('Order has no version 4, only 0 to 3')
    expect(() => order.decode(Buffer.alloc(4), 1.5)).toThrow(/no version 1.5/)
  })
})

describe('errors say where', () => {
  test('decoding names message, version, field and byte', () => {
    const cut = order
      .encode(
        {
          lines: [
            { article: 'x', count: 2 },
            { article: 'yyyyyyyy', count: 3 },
          ],
        },
        2,
      )
      .subarray(0, 24)
    expect(() => order.decode(cut, 2)).toThrow(
      expect.objectContaining({
        code: 'truncated',
        message: expect.stringMatching(
          /^Order v2, field lines\[1\]\.article: 8 bytes expected at byte 20, 4 are left$/,
        ),
        details: expect.objectContaining({
          message: 'Order',
          version: 2,
          field: 'lines[1].article',
          position: 20,
        }),
      }),
    )
  })

  test('bytes after the end are an error where a whole message was expected', () => {
    expect(() => order.decode(Buffer.from('00000007000000000000000001', 'hex'), 0)).toThrow(
      /1 bytes follow its end/,
    )
  })

  test('JSON input is named by path, with what was expected', () => {
    const json = { id: 1, note: null, price: 1, lines: [{ article: 5, count: 1 }] }
    expect(() => order.fromJson(json, 2)).toThrow(/field lines\[0\]\.article must be a string, not 5/)
    expect(() => order.fromJson({ ...json, lines: [{}] }, 2)).toThrow(/lines\[0\]\.article is missing/)
    expect(() => order.fromJson({ ...json, lines: [], colour: 1 }, 2)).toThrow(/no field colour/)
    expect(() => order.fromJson({ ...json, lines: [], price: 2 ** 60 }, 2)).toThrow(/price must be an int64/)
  })

  test('a trace stops where reading stops and keeps what it saw', () => {
    const { trace, failure } = order.trace(new Reader(Buffer.from('0000000700', 'hex')), 0)
    expect(trace.entries).toStrictEqual([{ start: 0, end: 4, path: 'id', type: 'int32', meaning: '7' }])
    expect(failure).toMatchObject({ details: { field: 'lines', position: 4 } })
  })
})

test('types are inferred from the definition', () => {
  const value = order.create()
  value satisfies {
    id: number
    note: string | null
    price: bigint
    lines: { article: string; count: number }[]
  }
  // @ts-expect-error a field that is not in the definition
  order.encode.bind(order, { colour: 1 })
  // @ts-expect-error a number where an int64 is wanted
  order.encode.bind(order, { price: 1 })
  // @ts-expect-error a wrong type deep inside
  order.encode.bind(order, { lines: [{ article: 1 }] })
  expect(value.price).toBe(-1n)
})
