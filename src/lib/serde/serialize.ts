import { DataError } from '../errors.ts'
import { double, float, floatingBytes } from './floating.ts'
import type { JsonValue, SerdeFormat } from './formats.ts'
import { parseUuid } from './uuid.ts'

const SHORT = { least: -(2n ** 15n), most: 2n ** 15n - 1n }
const INT = { least: -(2n ** 31n), most: 2n ** 31n - 1n }
const LONG = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

/** The bytes of what somebody typed or a line of JSON holds; null stays a key or a value that is not there. */
export function serialize(format: SerdeFormat, value: JsonValue): Buffer | null {
  if (value === null) return null
  switch (format) {
    case 'text':
      return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    case 'json':
      return Buffer.from(JSON.stringify(value))
    case 'hex':
      return hexBytes(value)
    case 'base64':
      return base64Bytes(value)
    case 'short':
      return shortBytes(value)
    case 'int':
      return intBytes(value)
    case 'long':
      return longBytes(value)
    case 'float':
      return floatingBytes(float, value) ?? refuse('a number of 32 bits', value)
    case 'double':
      return floatingBytes(double, value) ?? refuse('a number of 64 bits', value)
    case 'uuid':
      return (typeof value === 'string' ? parseUuid(value) : undefined) ?? refuse('a UUID', value)
  }
}

function hexBytes(value: JsonValue): Buffer {
  if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/i.test(value))
    return refuse('pairs of hex digits', value)
  return Buffer.from(value, 'hex')
}

function base64Bytes(value: JsonValue): Buffer {
  const isBase64 = typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0
  return isBase64 ? Buffer.from(value, 'base64') : refuse('base64', value)
}

function shortBytes(value: JsonValue): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(Number(integerWithin(SHORT, 'an integer of 16 bits', value)))
  return bytes
}

function intBytes(value: JsonValue): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(Number(integerWithin(INT, 'an integer of 32 bits', value)))
  return bytes
}

function longBytes(value: JsonValue): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(integerWithin(LONG, 'an integer of 64 bits', value))
  return bytes
}

/** A number as JSON has it, or digits, which are exact beyond 2^53−1. */
function integerWithin(range: typeof INT, what: string, value: JsonValue): bigint {
  const isInteger = typeof value === 'number' ? Number.isSafeInteger(value) : isDigits(value)
  if (!isInteger) return refuse(what, value)
  const integer = BigInt(value as string | number)
  return integer < range.least || integer > range.most ? refuse(what, value) : integer
}

function isDigits(value: JsonValue): boolean {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value)
}

function refuse(what: string, value: JsonValue): never {
  const shown = JSON.stringify(value)
  const short = shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
  throw new DataError('wrong-format', `${short} is not ${what}`)
}
