import type { Reader } from '../bytes/reader.ts'
import type { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import type { Field } from './field.ts'
import { wrongJson } from './json.ts'
import type { Draw, Json } from './kind.ts'
import { leaf } from './leaf.ts'

function whole(
  name: string,
  sizeBytes: number,
  min: number,
  max: number,
  read: (reader: Reader) => number,
  put: (writer: Writer, value: number) => void,
): Field<number> {
  const codec = {
    minSizeBytes: sizeBytes,
    read,
    write(writer: Writer, value: number): void {
      if (!Number.isInteger(value) || value < min || value > max) throw outOfRange(name, value)
      put(writer, value)
    },
    toJson: (value: number): Json => value,
    fromJson(json: Json, path: string): number {
      if (typeof json !== 'number' || !Number.isInteger(json) || json < min || json > max)
        throw wrongJson(path, `an integer from ${min} to ${max}`, json)
      return json
    },
    random: (draw: Draw): number => randomWhole(draw, min, max),
  }
  return leaf(
    name,
    () => 0,
    () => codec,
  )
}

/** Small values, values of any size and the limits, in equal parts: the limits are where codecs break. */
function randomWhole(draw: Draw, min: number, max: number): number {
  const choice = draw()
  if (choice < 0.35) return Math.floor(draw() * Math.min(100, max))
  if (choice < 0.7) return min + Math.floor(draw() * (max - min + 1))
  return [min, max, 0, 1, Math.max(min, -1)][Math.floor(draw() * 5)] as number
}

function outOfRange(name: string, value: number | bigint): DataError {
  return new DataError('value-out-of-range', `${value} does not fit an ${name}`, {
    details: { value: String(value) },
  })
}

export const int8 = whole(
  'int8',
  1,
  -0x80,
  0x7f,
  (r) => r.int8(),
  (w, v) => w.int8(v),
)
export const int16 = whole(
  'int16',
  2,
  -0x8000,
  0x7fff,
  (r) => r.int16(),
  (w, v) => w.int16(v),
)
export const uint16 = whole(
  'uint16',
  2,
  0,
  0xffff,
  (r) => r.uint16(),
  (w, v) => w.int16(v),
)
export const int32 = whole(
  'int32',
  4,
  -0x8000_0000,
  0x7fff_ffff,
  (r) => r.int32(),
  (w, v) => w.int32(v),
)
export const uint32 = whole(
  'uint32',
  4,
  0,
  0xffff_ffff,
  (r) => r.uint32(),
  (w, v) => w.int32(v),
)

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** Kafka's JSON convention: a number while a double holds it exactly, else decimal digits in a string. */
function int64FromJson(json: Json, path: string): bigint {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json)
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) {
    const value = BigInt(json)
    if (value >= INT64_MIN && value <= INT64_MAX) return value
  }
  throw wrongJson(path, 'an int64: a number within ±(2^53−1), or decimal digits in a string', json)
}

export const int64 = leaf<bigint>(
  'int64',
  () => 0n,
  () => ({
    minSizeBytes: 8,
    read: (reader) => reader.int64(),
    write(writer, value) {
      if (value < INT64_MIN || value > INT64_MAX) throw outOfRange('int64', value)
      writer.int64(value)
    },
    toJson: (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)),
    fromJson: int64FromJson,
    random(draw) {
      const high = BigInt(randomWhole(draw, -0x8000_0000, 0x7fff_ffff))
      return draw() < 0.5 ? high : (high << 32n) | BigInt(Math.floor(draw() * 2 ** 32))
    },
  }),
)

/** Doubles that JSON numbers cannot say, or that JavaScript does not print. */
const namedDoubles = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0.0', -0],
])

function nameOfDouble(value: number): string | undefined {
  return [...namedDoubles].find(([, named]) => Object.is(named, value))?.[0]
}

export const float64 = leaf<number>(
  'float64',
  () => 0,
  () => ({
    minSizeBytes: 8,
    read: (reader) => reader.float64(),
    write: (writer, value) => writer.float64(value),
    toJson: (value) => nameOfDouble(value) ?? value,
    fromJson(json, path) {
      if (typeof json === 'number') return json
      const named = typeof json === 'string' ? namedDoubles.get(json) : undefined
      if (named === undefined) throw wrongJson(path, 'a number', json)
      return named
    },
    random: (draw) => (draw() < 0.2 ? -0 : (draw() - 0.5) * 2 ** Math.floor(draw() * 64)),
  }),
)

export const bool = leaf<boolean>(
  'bool',
  () => false,
  () => ({
    minSizeBytes: 1,
    read: (reader) => reader.int8() !== 0,
    write: (writer, value) => writer.int8(value ? 1 : 0),
    toJson: (value) => value,
    fromJson(json, path) {
      if (typeof json !== 'boolean') throw wrongJson(path, 'true or false', json)
      return json
    },
    random: (draw) => draw() < 0.5,
  }),
)
