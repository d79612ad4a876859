import type { Reader } from '../bytes/reader.ts'
import type { Writer } from '../bytes/writer.ts'
import { DataError } from '../errors.ts'
import type { At } from './kind.ts'

/**
 * How the length of a string, byte block or array stands in front of it.
 * Flexible versions write length + 1 as an unsigned varint, with 0 for null; older ones a signed integer, −1 for null.
 */
export interface LengthPrefix {
  readonly minSizeBytes: number
  /** The length, or −1 for null. */
  read(reader: Reader): number
  /** −1 writes null. */
  write(writer: Writer, length: number): void
}

const compact: LengthPrefix = {
  minSizeBytes: 1,
  read: (reader) => orNull((reader.uvarint() - 1) | 0),
  write: (writer, length) => writer.uvarint(length + 1),
}

const int16Length: LengthPrefix = {
  minSizeBytes: 2,
  read: (reader) => orNull(reader.int16()),
  write: (writer, length) => writer.int16(length),
}

const int32Length: LengthPrefix = {
  minSizeBytes: 4,
  read: (reader) => orNull(reader.int32()),
  write: (writer, length) => writer.int32(length),
}

export function stringLength(at: At): LengthPrefix {
  return at.flexible ? compact : int16Length
}

export function blockLength(at: At): LengthPrefix {
  return at.flexible ? compact : int32Length
}

/** Kafka takes every negative length for null, also where a varint is too large for an int32. */
function orNull(length: number): number {
  return Math.max(length, -1)
}

export function nullNotAllowed(position?: number): DataError {
  const where = position === undefined ? '' : ` at byte ${position}`
  return new DataError('null-not-allowed', `null${where}, where this version has no null`, {
    details: position === undefined ? {} : { position },
  })
}
