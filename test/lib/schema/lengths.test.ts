import { expect, test } from 'vitest'
import { array } from '../../../src/lib/schema/array.ts'
import { Message } from '../../../src/lib/schema/message.ts'
import { int32, int64 } from '../../../src/lib/schema/numbers.ts'
import { struct } from '../../../src/lib/schema/struct.ts'
import { bytes, string, uuid } from '../../../src/lib/schema/text-and-bytes.ts'

const facts = { name: 'Holder', versions: { min: 0, max: 0 }, flexibleFrom: 0 }
const holder = new Message(facts, {
  list: array(int64),
  extra: int32.default(-1).tagged(0),
  blob: bytes.nullable().default(null).tagged(1),
  id: uuid.tagged(2),
})
const decode = (hex: string) => holder.decode(Buffer.from(hex, 'hex'), 0)

test('a count is weighed against the least that its elements take', () => {
  expect(() => decode('030000000000000000000000000000')).toThrow(
    /2 elements at byte 0 cannot be in the 14 bytes left/,
  )
})

test('a known tag ends where its value does, as for Kafka, whatever size it says', () => {
  const value = { ...holder.create(), extra: 7 }
  for (const size of ['00', '03', '05', '7f']) expect(decode(`010100${size}00000007`)).toEqual(value)
  expect(() => decode('010100050000000700')).toThrow(/1 bytes follow its end at byte 8/)
  expect(() => decode('01010003000000')).toThrow(/4 bytes expected/)
})

test('an unknown tag is as long as it says', () => {
  expect(() => decode('01010905000000')).toThrow(/5 bytes expected/)
})

test('of a tag that is there twice the last one counts', () => {
  expect(decode('0102000400000007000400000008')).toEqual({ ...holder.create(), extra: 8 })
})

test('so it is of a tag that nobody knows', () => {
  const unknownTags = [{ tag: 9, data: Buffer.from([8]) }]
  expect(decode('0102090107090108')).toEqual({ ...holder.create(), unknownTags })
})

test('a negative count of tags counts none', () => {
  expect(decode('01ffffffff0f')).toEqual(holder.create())
})

const nullables = new Message(
  { ...facts, flexibleFrom: 1, versions: { min: 0, max: 1 } },
  {
    text: string.nullable(),
    list: array(int32).nullable(),
    one: struct({ number: int32 }).nullable(),
  },
)
const nothing = { text: null, list: null, one: null }

test.each([
  [0, 'fffffffffffeff'],
  [0, '80008000000080'],
  [1, '0000f000'],
  [1, 'ffffffff0f8180808008fe00'],
])('every negative length is null (version %d, %s)', (version, hex) => {
  expect(nullables.decode(Buffer.from(hex, 'hex'), version)).toEqual(nothing)
})

test('a struct that may be null is there at any mark that is not negative', () => {
  const bytes = Buffer.from('ffffffffffff7f00000007', 'hex')
  expect(nullables.decode(bytes, 0)).toEqual({ ...nothing, one: { number: 7 } })
})

test('a string of more bytes than an int16 counts is an error', () => {
  const bytes = Buffer.concat([
    Buffer.from('818002', 'hex'),
    Buffer.alloc(0x8000),
    Buffer.from('000000', 'hex'),
  ])
  expect(() => nullables.decode(bytes, 1)).toThrow(/a string of 32768 bytes is longer/)
})

test.each(['AB==', 'AAA', 'A A=', '!'])('%s is not base64 that would come back as it was', (blob) => {
  expect(() => holder.fromJson({ list: [], blob }, 0)).toThrow(/blob must be base64 text or null/)
})

test.each(['AAAAAAAAAAAAAAAAAAAAAB', 'AAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAA+w', 7])(
  '%s is no UUID',
  (id) => {
    expect(() => holder.fromJson({ list: [], id }, 0)).toThrow(/id must be a UUID/)
  },
)
