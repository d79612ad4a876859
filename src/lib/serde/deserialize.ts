import { isUtf8 } from 'node:buffer'
import { readInt64 } from '../bytes/int64.ts'
import { double, float, floatingOf } from './floating.ts'
import type { Deserialized, JsonValue, SerdeFormat } from './formats.ts'
import { parseJson } from './json-text.ts'
import { formatUuid, UUID_BYTES } from './uuid.ts'

const SHORT_BYTES = 2
const INT_BYTES = 4
const LONG_BYTES = 8

/** The bytes of a key or a value in a format; null is a key or a value that is not there. */
export function deserialize(format: SerdeFormat, bytes: Buffer | null): Deserialized {
  if (format === 'base64') return { isBase64: true, value: bytes === null ? null : bytes.toString('base64') }
  if (bytes === null) return { isBase64: false, value: null }
  const value = inFormat(format, bytes)
  return value === undefined
    ? { isBase64: true, value: bytes.toString('base64') }
    : { isBase64: false, value }
}

/** Undefined where the bytes are not of this format. */
function inFormat(format: Exclude<SerdeFormat, 'base64'>, bytes: Buffer): JsonValue | undefined {
  switch (format) {
    case 'text':
      return textOf(bytes)
    case 'hex':
      return bytes.toString('hex')
    case 'json':
      return jsonOf(bytes)
    case 'short':
      return bytes.length === SHORT_BYTES ? bytes.readInt16BE() : undefined
    case 'int':
      return bytes.length === INT_BYTES ? bytes.readInt32BE() : undefined
    case 'long':
      return bytes.length === LONG_BYTES ? longOf(bytes) : undefined
    case 'float':
      return floatingOf(float, bytes)
    case 'double':
      return floatingOf(double, bytes)
    case 'uuid':
      return bytes.length === UUID_BYTES ? formatUuid(bytes) : undefined
  }
}

function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** What is no JSON is its text. The four bytes `null` would read as a value that is not there. */
function jsonOf(bytes: Buffer): JsonValue | undefined {
  const text = textOf(bytes)
  if (text === undefined || text.trim() === 'null') return undefined
  return parseJson(text) ?? text
}

/** Beyond 2^53−1 its digits, which every reader of JSON gets exactly. */
function longOf(bytes: Buffer): JsonValue {
  const value = readInt64(bytes, 0)
  return typeof value === 'bigint' ? String(value) : value
}
