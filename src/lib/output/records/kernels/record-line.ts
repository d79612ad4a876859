import { base64String } from './base64-string.ts'
import { decimal, small } from './decimal.ts'
import { jsonString, NO_TEXT } from './json-string.ts'
import { type Bytes, copy, type Ints, type i32, intAt, put } from './memory.ts'
import {
  ALPHABET,
  HAS_SEQUENCE,
  HEAD,
  KEY,
  KEY_IS_BASE64,
  NO_HEADERS,
  NULL,
  SEQUENCE,
  TIMESTAMP,
  TIMESTAMP_TYPE,
  VALUE,
  VALUE_IS_BASE64,
} from './record-parts.ts'

/** Writes a record up to its value; with `isWhole` the rest too, for a record without headers. */
export function recordLine(
  form: Ints,
  parts: Bytes,
  source: Bytes,
  keyStart: i32,
  keyLength: i32,
  valueStart: i32,
  valueLength: i32,
  offsetHigh: i32,
  offsetLow: i32,
  timestampHigh: i32,
  timestampLow: i32,
  sequence: i32,
  isWhole: i32,
  target: Bytes,
  to: i32,
): i32 {
  let write = part(form, parts, HEAD, target, to)
  write = decimal(target, write, offsetHigh, offsetLow)
  write = part(form, parts, TIMESTAMP, target, write)
  write = decimal(target, write, timestampHigh, timestampLow)
  write = part(form, parts, TIMESTAMP_TYPE, target, write)
  const keyIsBase64 = intAt(form, KEY_IS_BASE64)
  write = field(form, parts, KEY, keyIsBase64, source, keyStart, keyLength, target, write)
  const valueIsBase64 = intAt(form, VALUE_IS_BASE64)
  write = field(form, parts, VALUE, valueIsBase64, source, valueStart, valueLength, target, write)
  if (isWhole === 0) return write
  write = part(form, parts, NO_HEADERS, target, write)
  if (intAt(form, HAS_SEQUENCE) !== 0) {
    write = part(form, parts, SEQUENCE, target, write)
    write = small(target, write, sequence)
  }
  put(target, write, 0x7d)
  put(target, write + 1, 0x0a)
  return write + 2
}

/** A key or a value behind its name; the name of its base64 is the part after that of its text. */
export function field(
  form: Ints,
  parts: Bytes,
  name: i32,
  isBase64: i32,
  source: Bytes,
  start: i32,
  length: i32,
  target: Bytes,
  to: i32,
): i32 {
  if (length < 0) return part(form, parts, NULL, target, part(form, parts, name + isBase64, target, to))
  if (isBase64 === 0) {
    const end = jsonString(source, start, length, target, part(form, parts, name, target, to))
    if (end !== NO_TEXT) return end
  }
  const write = part(form, parts, name + 1, target, to)
  return base64String(source, start, length, target, write, parts, intAt(form, ALPHABET * 2))
}

export function part(form: Ints, parts: Bytes, which: i32, target: Bytes, to: i32): i32 {
  const length = intAt(form, which * 2 + 1)
  copy(target, to, parts, intAt(form, which * 2), length)
  return to + length
}
