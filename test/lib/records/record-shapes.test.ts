import { expect, it } from 'vitest'
import type { Int64 } from '../../../src/lib/bytes/int64.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import type { RecordCursor } from '../../../src/lib/records/record-cursor.ts'
import { randomDraw, seedOfRun } from '../../random.ts'
import { batchAround, T0, theBatch } from './samples.ts'

interface Shape {
  readonly timestamp: bigint
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly key: Buffer; readonly value: Buffer | null }[]
}

/** How many bytes more than it needs a varint takes up, which readers have to accept. */
type Padding = () => number

/** A varint or varlong, not by the code under test. */
function varint(value: bigint, padding: number, most = 5): number[] {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  for (let i = 0; i < padding && bytes.length < most; i++) {
    bytes.push((bytes.pop() ?? 0) | 0x80, 0)
  }
  return bytes
}

function sized(bytes: Buffer | null, padding: Padding): number[] {
  if (bytes === null) return varint(-1n, padding())
  return [...varint(BigInt(bytes.length), padding()), ...bytes]
}

function encode(shape: Shape, padding: Padding): Buffer {
  const body = [
    0,
    ...varint(shape.timestamp, padding(), 10),
    ...varint(BigInt(shape.offset), padding()),
    ...sized(shape.key, padding),
    ...sized(shape.value, padding),
    ...varint(BigInt(shape.headers.length), padding()),
    ...shape.headers.flatMap(({ key, value }) => [...sized(key, padding), ...sized(value, padding)]),
  ]
  return Buffer.from([...varint(BigInt(body.length), padding()), ...body])
}

function decoded(cursor: RecordCursor): unknown {
  const { offset, timestamp, key, value } = cursor
  return { offset, timestamp, key, value, headers: cursor.headers() }
}

function expected(shape: Shape): unknown {
  const { key, value, headers } = shape
  return { offset: 1000 + shape.offset, timestamp: exact(BigInt(T0) + shape.timestamp), key, value, headers }
}

function exact(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value)
  return Number.isSafeInteger(Number(wrapped)) ? Number(wrapped) : wrapped
}

function check(shapes: readonly Shape[], padding: Padding, title: string): void {
  const bytes = batchAround(Buffer.concat(shapes.map((shape) => encode(shape, padding))), shapes.length)
  bytes.writeBigInt64BE(1000n, 0)
  const cursor = openRecords(theBatch(bytes))
  const read: unknown[] = []
  while (cursor.next()) read.push(decoded(cursor))
  expect(read, title).toEqual(shapes.map(expected))
}

const plain: Shape = { timestamp: 0n, offset: 0, key: Buffer.from('k'), value: Buffer.from('v'), headers: [] }

/** Where a varint takes one byte more, and the ends of what it can hold. */
const widths = [0, 1, 63, 64, 8191, 8192, 1_048_575, 1_048_576, 134_217_727, 134_217_728, 2 ** 31 - 1]
const signed = widths.flatMap((width) => [width, -width - 1])

it('reads offset and timestamp deltas of every width', () => {
  check(
    signed.map((delta) => ({ ...plain, offset: delta, timestamp: BigInt(delta) })),
    () => 0,
    'as short as can be',
  )
  const wide = [2n ** 34n, 2n ** 48n, 2n ** 55n, 2n ** 62n, 2n ** 63n - 1n].flatMap((delta) => [
    delta,
    -delta - 1n,
  ])
  check(
    wide.map((timestamp) => ({ ...plain, timestamp })),
    () => 0,
    'timestamps only',
  )
})

it('reads keys and values of every width, null and empty ones too', () => {
  const blobs = [null, ...[0, 1, 63, 64, 8100, 8191, 8192, 70_000].map((length) => Buffer.alloc(length, 'x'))]
  const shapes = blobs.flatMap((key) => [
    { ...plain, key },
    { ...plain, value: key },
    { ...plain, key, value: key },
  ])
  check(shapes, () => 0, 'one after the other')
})

it('does not take a long record for the short one that its bytes could be', () => {
  const value = Buffer.alloc(8300, 'x')
  // With a length cut to two bytes everything moves by one: the offset delta becomes the key's length, and
  // these the value's length and the number of headers, which end one byte before the record does.
  value.set(varint(4197n, 0), 4100)
  value.writeUInt8(0, 8299)
  check([{ ...plain, offset: 4104, key: null, value }], () => 0, 'a record in a record')
})

it('reads every field in more bytes than it needs', () => {
  const header = { key: Buffer.from('h'), value: Buffer.from('w') }
  for (const headers of [[], [header]]) {
    const fields = 6 + headers.length * 2
    for (let padded = 0; padded < fields; padded++) {
      for (let extra = 1; extra < 5; extra++) {
        let field = 0
        const padding = () => (field++ % fields === padded ? extra : 0)
        check([{ ...plain, headers }, plain], padding, `field ${padded} in ${extra} more bytes`)
      }
    }
  }
})

it('reads random records, whatever their shape', () => {
  const seed = seedOfRun()
  const draw = randomDraw(seed)
  const below = (limit: number) => Math.floor(draw() * limit)
  const blob = (limit: number) => Buffer.from(Array.from({ length: below(limit) }, () => below(256)))
  const perhaps = (limit: number) => (below(8) === 0 ? null : blob(limit))

  for (let round = 0; round < 200; round++) {
    const shapes = Array.from({ length: 1 + below(6) }, () => ({
      timestamp: BigInt(signed[below(signed.length)] ?? 0) << BigInt(below(3)),
      offset: signed[below(signed.length)] ?? 0,
      key: perhaps(90),
      value: perhaps(300),
      headers: Array.from({ length: Math.max(0, below(6) - 3) }, () => ({ key: blob(9), value: perhaps(9) })),
    }))
    const isPadded = below(2) === 0
    check(shapes, () => (isPadded ? below(3) : 0), `KTOOL_SEED=${seed}, round ${round}`)
  }
})
