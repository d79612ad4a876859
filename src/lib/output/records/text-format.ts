import { UsageError } from '../../errors.ts'
import type { RecordPlace } from '../../model/record-sink.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { deserialize } from '../../serde/deserialize.ts'
import type { SerdeFormat } from '../../serde/formats.ts'
import { formatTime } from '../../values/times.ts'
import type { GrowingBytes } from './growing-bytes.ts'

export interface TextRecord {
  readonly place: RecordPlace
  readonly batch: RecordBatch
  readonly cursor: RecordCursor
  /** From 1 on. */
  readonly count: number
}

/** A piece of a format: bytes that are always the same, a key or a value as it is, or what is made of a record. */
export type TextPart =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'key' }
  | { readonly kind: 'value' }
  | { readonly kind: 'made'; readonly write: (record: TextRecord, out: GrowingBytes) => void }

export interface TextSerdes {
  readonly key: SerdeFormat
  readonly value: SerdeFormat
}

/** What each letter stands for, for the help. Letters of kcat and of rpk; where the two differ, those of kcat. */
export const formatLetters = [
  ['%v %s', 'value'],
  ['%k', 'key'],
  ['%h', 'headers, name=value,name=value'],
  ['%t', 'topic'],
  ['%p', 'partition'],
  ['%o', 'offset'],
  ['%T', 'timestamp in milliseconds'],
  ['%d', 'timestamp as a date in UTC'],
  ['%V %S', 'size of the value, -1 for null'],
  ['%K', 'size of the key, -1 for null'],
  ['%H', 'number of headers'],
  ['%e', 'leader epoch'],
  ['%x %y', 'producer id and epoch'],
  ['%i', 'number of the record, from 1 on'],
  ['%%', 'a percent sign'],
] as const

/** `%k: %v\n`; behind a backslash n, t, r, 0, xHH and the backslash itself. */
export function parseTextFormat(format: string, serdes: TextSerdes): TextPart[] {
  const parts: TextPart[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'bytes', bytes: Buffer.from(plain, 'latin1') })
    plain = ''
  }
  // One character of it is one byte of the output.
  const text = Buffer.from(format).toString('latin1')
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') {
      const { byte, length } = escapeAt(text, at)
      plain += byte
      at += length - 1
    } else if (character === '%' && text.charAt(at + 1) === '%') {
      plain += '%'
      at += 1
    } else if (character === '%') {
      flush()
      at += 1
      parts.push(partOf(text.charAt(at), serdes))
    } else plain += character
  }
  flush()
  return parts
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['0', '\0'],
  ['\\', '\\'],
])

function escapeAt(text: string, at: number): { byte: string; length: number } {
  const hex = /^\\x([0-9A-Fa-f]{2})/.exec(text.slice(at, at + 4))
  if (hex !== null) return { byte: String.fromCharCode(Number.parseInt(hex[1] ?? '', 16)), length: 4 }
  const byte = escapes.get(text.charAt(at + 1))
  if (byte === undefined) throw invalid(`\\${text.charAt(at + 1)}`)
  return { byte, length: 2 }
}

type Made = (record: TextRecord) => string | number | bigint

const made: ReadonlyMap<string, Made> = new Map<string, Made>([
  ['t', ({ place }) => place.topic],
  ['p', ({ place }) => place.partition],
  ['o', ({ cursor }) => cursor.offset],
  ['T', ({ cursor }) => cursor.timestamp],
  ['d', ({ cursor }) => (cursor.timestamp < 0 ? '-' : formatTime(cursor.timestamp))],
  ['V', ({ cursor }) => Math.max(-1, cursor.valueLength)],
  ['S', ({ cursor }) => Math.max(-1, cursor.valueLength)],
  ['K', ({ cursor }) => Math.max(-1, cursor.keyLength)],
  ['H', ({ cursor }) => cursor.headerCount],
  ['e', ({ batch }) => batch.partitionLeaderEpoch],
  ['x', ({ batch }) => batch.producerId],
  ['y', ({ batch }) => batch.producerEpoch],
  ['i', ({ count }) => count],
])

function partOf(letter: string, { key, value }: TextSerdes): TextPart {
  if (letter === 'k') return key === 'text' ? { kind: 'key' } : inFormat(key, ({ cursor }) => cursor.key)
  if (letter === 'v' || letter === 's') {
    return value === 'text' ? { kind: 'value' } : inFormat(value, ({ cursor }) => cursor.value)
  }
  if (letter === 'h') return { kind: 'made', write: writeHeaders }
  const make = made.get(letter)
  if (make === undefined) throw invalid(`%${letter}`)
  return { kind: 'made', write: (record, out) => out.text(String(make(record))) }
}

function inFormat(format: SerdeFormat, bytesOf: (record: TextRecord) => Buffer | null): TextPart {
  return {
    kind: 'made',
    write(record, out) {
      const { value } = deserialize(format, bytesOf(record))
      if (value !== null) out.text(typeof value === 'string' ? value : JSON.stringify(value))
    },
  }
}

function writeHeaders({ cursor }: TextRecord, out: GrowingBytes): void {
  if (cursor.headerCount === 0) return
  cursor.headers().forEach(({ key, value }, i) => {
    if (i > 0) out.text(',')
    out.add(key)
    out.text('=')
    if (value !== null) out.add(value)
  })
}

function invalid(found: string): UsageError {
  const known = formatLetters.map(([letters, meaning]) => `${letters} ${meaning}`).join('; ')
  return new UsageError('invalid-format', `"${found}" means nothing in --format`, {
    hint: `there are: ${known}; and \\n \\t \\r \\0 \\xHH`,
  })
}
