import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import type { JsonValue, SerdeFormat } from '../formats.ts'
import { serialize } from '../serialize.ts'
import { type InputForm, NO_HEADERS } from './input-form.ts'
import type { InputHeader } from './input-record.ts'
import { shortened } from './typed-bytes.ts'

/** The one shape of a record, as every command prints it: what of it can be sent, and what only tells where it was. */
const SENT = [
  'key',
  'keyBase64',
  'value',
  'valueBase64',
  'headers',
  'headersBase64',
  'partition',
  'timestamp',
]
const TOLD = ['kind', 'topic', 'offset', 'timestampType', 'sequence']
const KNOWN = new Set([...SENT, ...TOLD])

export type RecordObject = { readonly [field: string]: JsonValue }

export function refuseUnknown(fields: Iterable<string>, what: string): void {
  for (const field of fields) {
    if (KNOWN.has(field)) continue
    throw new DataError('no-such-field', `${what} ${shortened(field)} is no field of a record`, {
      hint: `a record has ${SENT.join(', ')}; --input lines sends each line as a value`,
      details: { field },
    })
  }
}

/** A field or its base64. Undefined where neither is there. */
export function bytesOf(
  object: RecordObject,
  name: 'key' | 'value',
  format: SerdeFormat,
): Buffer | null | undefined {
  const plain = object[name]
  const base64 = object[`${name}Base64`]
  if (base64 === undefined) return plain === undefined ? undefined : serialize(format, plain)
  if (plain !== undefined) throw twice(name)
  return serialize('base64', base64)
}

export function headersOf(object: RecordObject): readonly InputHeader[] {
  const { headers, headersBase64 } = object
  if (headers !== undefined && headersBase64 !== undefined) throw twice('headers')
  if (headersBase64 !== undefined) return listOf(headersBase64, 'base64')
  return headers === undefined ? NO_HEADERS : listOf(headers, 'text')
}

function listOf(list: JsonValue, format: 'text' | 'base64'): InputHeader[] {
  if (!Array.isArray(list)) throw noHeaders(list)
  return list.map((each) => {
    if (!Array.isArray(each) || each.length !== 2) throw noHeaders(each)
    const [name, value] = each
    if (typeof name !== 'string' || (value !== null && typeof value !== 'string')) throw noHeaders(each)
    return { key: Buffer.from(name), value: value === null ? null : serialize(format, value) }
  })
}

/** The partition of a record that is to be sent to where it was. */
export function partitionOf({ partition }: RecordObject): number | null {
  if (partition === undefined || partition === null) return null
  if (typeof partition === 'number' && Number.isInteger(partition) && partition >= 0 && partition < 2 ** 31) {
    return partition
  }
  throw new DataError('wrong-format', `partition ${shortened(String(partition))} is no number of a partition`)
}

/** Milliseconds since 1970; beyond 2^53−1 their digits. */
export function timestampOf({ timestamp }: RecordObject): Int64 | null {
  if (timestamp === undefined || timestamp === null) return null
  if (typeof timestamp === 'number' && Number.isSafeInteger(timestamp) && timestamp >= -1) return timestamp
  if (typeof timestamp === 'string' && /^\d{1,19}$/.test(timestamp)) {
    const exact = BigInt(timestamp)
    if (exact < 2n ** 63n) return exact > BigInt(Number.MAX_SAFE_INTEGER) ? exact : Number(exact)
  }
  throw new DataError(
    'wrong-format',
    `timestamp ${shortened(String(timestamp))} is no time in milliseconds since 1970`,
  )
}

/** What a record that was read says of itself, as far as the flags let it. */
export function placeOf(
  object: RecordObject,
  { keepsPartition, keepsTimestamp }: Pick<InputForm, 'keepsPartition' | 'keepsTimestamp'>,
) {
  return {
    partition: keepsPartition ? partitionOf(object) : null,
    timestamp: keepsTimestamp ? timestampOf(object) : null,
  }
}

function twice(name: string): DataError {
  return new DataError('field-twice', `has both ${name} and ${name}Base64: one of them is meant`)
}

function noHeaders(found: JsonValue): DataError {
  return new DataError(
    'wrong-format',
    `${shortened(JSON.stringify(found))} is no list of headers: [["name", "text"], ["empty", null]]`,
  )
}
