import { DataError } from '../errors.ts'
import type { Int64 } from './int64.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/**
 * Kafka's variable-length integers beside the unsigned 32-bit one, which Reader and Writer have themselves.
 * The signed ones fold the sign into the lowest bit (zigzag). Overlong encodings are read as Kafka reads
 * them; bits that do not fit fall off the top.
 */

export function readVarint(reader: Reader): number {
  const folded = reader.uvarint()
  return (folded >>> 1) ^ -(folded & 1)
}

export function readVarlong(reader: Reader): bigint {
  const folded = readUvarlong(reader)
  return (folded >> 1n) ^ -(folded & 1n)
}

export function readUvarlong(reader: Reader): bigint {
  const start = reader.position
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.uint8()
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asUintN(64, value)
  }
  throw new DataError('varint-too-long', `a varlong at byte ${start} is longer than 10 bytes`, {
    details: { position: start },
  })
}

export function writeVarint(writer: Writer, value: number): void {
  writer.uvarint((value << 1) ^ (value >> 31))
}

export function writeVarlong(writer: Writer, value: Int64): void {
  if (isInt32(value)) writeVarint(writer, value)
  else writeUvarlong(writer, folded(value))
}

export function writeUvarlong(writer: Writer, value: bigint): void {
  let rest = BigInt.asUintN(64, value)
  while (rest > 0x7fn) {
    writer.int8(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  writer.int8(Number(rest))
}

export function sizeOfUvarint(value: number): number {
  const bits = 32 - Math.clz32(value)
  return bits === 0 ? 1 : Math.ceil(bits / 7)
}

export function sizeOfVarint(value: number): number {
  return sizeOfUvarint((value << 1) ^ (value >> 31))
}

export function sizeOfVarlong(value: Int64): number {
  if (isInt32(value)) return sizeOfVarint(value)
  let size = 0
  for (let rest = folded(value); rest > 0n; rest >>= 7n) size++
  return size
}

/** A small value has the same bytes as a varint and as a varlong. */
function isInt32(value: Int64): value is number {
  return typeof value === 'number' && value === (value | 0)
}

function folded(value: Int64): bigint {
  const wide = BigInt(value)
  return BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n))
}
