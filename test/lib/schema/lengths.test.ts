import { expect, test } from 'vitest'
import { array } from '../../../src/lib/schema/array.ts'
import { Message } from '../../../src/lib/schema/message.ts'
import { int32, int64 } from '../../../src/lib/schema/numbers.ts'
import { bytes, uuid } from '../../../src/lib/schema/text-and-bytes.ts'

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

test('a known tag that is longer than its field is an error', () => {
  expect(() => decode('010100050000000700')).toThrow(/tag 0 has 1 bytes too many at byte 8/)
})

test('a known tag that is shorter than its field is an error', () => {
  expect(() => decode('01010003000000')).toThrow(/4 bytes expected/)
})

test('a tag that is there twice is an error', () => {
  expect(() => decode('010200040000000700040000000700')).toThrow(/tag 0 at byte 8 is there twice/)
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
