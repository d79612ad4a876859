import { DataError } from '../errors.ts'
import type { Field } from './field.ts'
import { bytesFromBase64, wrongJson } from './json.ts'
import type { At, Codec, Draw } from './kind.ts'
import { leaf } from './leaf.ts'
import { blockLength, nullNotAllowed, stringLength } from './lengths.ts'

/** Kafka writes no string longer than an int16 can count, in flexible versions too. */
const MAX_STRING_BYTES = 0x7fff

function stringCodec(at: At): Omit<Codec<string>, 'trace'> {
  const prefix = stringLength(at)
  return {
    minSizeBytes: prefix.minSizeBytes,
    read(reader) {
      const length = prefix.read(reader)
      if (length < 0) return absent(at, reader.position)
      if (length > MAX_STRING_BYTES) throw tooLong(length, reader.position)
      return reader.utf8(length)
    },
    write(writer, value) {
      if (isAbsent(at, value)) return prefix.write(writer, -1)
      const byteLength = Buffer.byteLength(value)
      if (byteLength > MAX_STRING_BYTES) throw tooLong(byteLength)
      prefix.write(writer, byteLength)
      writer.utf8(value, byteLength)
    },
    toJson: (value) => value,
    fromJson(json, path) {
      if (json === null && at.nullable) return absent(at)
      if (typeof json !== 'string') throw wrongJson(path, orNull(at, 'a string'), json)
      return json
    },
    random: (draw) => (at.nullable && draw() < 0.2 ? absent(at) : randomText(draw)),
  }
}

function bytesCodec(at: At): Omit<Codec<Buffer>, 'trace'> {
  const prefix = blockLength(at)
  return {
    minSizeBytes: prefix.minSizeBytes,
    read(reader) {
      const length = prefix.read(reader)
      if (length < 0) return absent(at, reader.position)
      return reader.slice(length)
    },
    write(writer, value) {
      if (isAbsent(at, value)) return prefix.write(writer, -1)
      prefix.write(writer, value.length)
      writer.raw(value)
    },
    toJson: (value) => (value === null ? null : value.toString('base64')),
    fromJson(json, path) {
      if (json === null && at.nullable) return absent(at)
      const value = typeof json === 'string' ? bytesFromBase64(json) : undefined
      if (value === undefined) throw wrongJson(path, orNull(at, 'base64 text'), json)
      return value
    },
    random: (draw) => (at.nullable && draw() < 0.2 ? absent(at) : randomBytes(draw)),
  }
}

/**
 * Null lives in the same codec as the value that it stands for; `Field.nullable()` has widened the type
 * for whoever reads the result.
 */
function absent<T>(at: At, position?: number): T {
  if (!at.nullable) throw nullNotAllowed(position)
  return null as T
}

function isAbsent(at: At, value: unknown): boolean {
  if (value !== null) return false
  if (!at.nullable) throw nullNotAllowed()
  return true
}

function orNull(at: At, what: string): string {
  return at.nullable ? `${what} or null` : what
}

function tooLong(byteLength: number, position?: number): DataError {
  return new DataError(
    'string-too-long',
    `a string of ${byteLength} bytes is longer than Kafka's ${MAX_STRING_BYTES}`,
    { details: position === undefined ? {} : { position } },
  )
}

const ALPHABET = ['a', 'topic', '-7', '.', '_', ' ', 'é', '中', '😀', '\u0000', '"', '\n']

function randomText(draw: Draw): string {
  let text = ''
  for (let left = Math.floor(draw() * 5); left > 0; left--)
    text += ALPHABET[Math.floor(draw() * ALPHABET.length)]
  return draw() < 0.05 ? text.padEnd(126 + Math.floor(draw() * 4), 'x') : text
}

function randomBytes(draw: Draw): Buffer {
  return Buffer.from(Array.from({ length: Math.floor(draw() * 20) }, () => Math.floor(draw() * 256)))
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  if (a === null || b === null) return a === b
  return a.equals(b)
}

const noBytes = () => Buffer.alloc(0)

export const string: Field<string> = leaf('string', () => '', stringCodec)
export const bytes: Field<Buffer> = leaf('bytes', noBytes, bytesCodec, sameBytes)
/** Record batches: opaque here, their inside belongs to the records room. */
export const records: Field<Buffer> = leaf('records', noBytes, bytesCodec, sameBytes)

/** A UUID is its 22 characters of URL-safe base64 everywhere, as Kafka prints it. */
const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'

export const uuid: Field<string> = leaf(
  'uuid',
  () => ZERO_UUID,
  () => ({
    minSizeBytes: 16,
    read(reader) {
      const start = reader.take(16)
      return reader.bytes.toString('base64url', start, start + 16)
    },
    write(writer, value) {
      const raw = Buffer.from(value, 'base64url')
      if (raw.length !== 16)
        throw new DataError('wrong-uuid', `${JSON.stringify(value)} is not a UUID of 16 bytes`)
      writer.raw(raw)
    },
    toJson: (value) => value,
    fromJson(json, path) {
      if (typeof json !== 'string' || !/^[A-Za-z0-9_-]{21}[AQgw]$/.test(json))
        throw wrongJson(path, 'a UUID in 22 characters of URL-safe base64', json)
      return json
    },
    random: (draw) =>
      Buffer.from(Array.from({ length: 16 }, () => Math.floor(draw() * 256))).toString('base64url'),
  }),
)
