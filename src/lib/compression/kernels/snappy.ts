import {
  at,
  at16,
  at32,
  type Bytes,
  copy,
  fillInts,
  type Ints,
  type i32,
  intAt,
  multiply,
  put,
  put16,
  putInt,
  repeat,
  sameFor,
} from './memory.ts'
import { FULL, malformed } from './outcome.ts'

const HASH_BITS: i32 = 13
export const SNAPPY_TABLE_INTS: i32 = 1 << HASH_BITS
const PRIME: i32 = 506832829

/** Distances are written in two bytes at most, so matches stay within pieces of this size. */
const PIECE: i32 = 65536
const MIN_MATCH: i32 = 4
const NO_MATCH_WITHIN: i32 = 15

/** Decodes the elements behind the preamble of a block; all of `limit - to` bytes must come out. */
export function snappyDecode(source: Bytes, from: i32, end: i32, target: Bytes, to: i32, limit: i32): i32 {
  let read = from
  let write = to
  while (read < end) {
    const start = read
    const tag = at(source, read++)
    const kind = tag & 3
    if (kind === 0) {
      let count = (tag >>> 2) + 1
      if (count > 60) {
        const extra = count - 60
        if (extra > end - read) return malformed(start)
        count = (at32(source, read) & (-1 >>> (32 - extra * 8))) + 1
        read += extra
      }
      // A count of four bytes can come out negative: no input is that long.
      if (count <= 0 || count > end - read) return malformed(start)
      if (count > limit - write) return FULL
      copy(target, write, source, read, count)
      read += count
      write += count
      continue
    }
    let distance: i32 = 0
    let count = (tag >>> 2) + 1
    if (kind === 1) {
      if (end - read < 1) return malformed(start)
      count = ((tag >>> 2) & 7) + 4
      distance = ((tag >>> 5) << 8) | at(source, read)
      read += 1
    } else if (kind === 2) {
      if (end - read < 2) return malformed(start)
      distance = at16(source, read)
      read += 2
    } else {
      if (end - read < 4) return malformed(start)
      distance = at32(source, read)
      read += 4
    }
    if (distance <= 0 || distance > write - to) return malformed(start)
    if (count > limit - write) return FULL
    repeat(target, write, distance, count)
    write += count
  }
  return write === limit ? write : malformed(end)
}

/** Encodes elements without the preamble; the target must have room for the worst case. */
export function snappyEncode(source: Bytes, from: i32, end: i32, target: Bytes, to: i32, table: Ints): i32 {
  let write = to
  for (let piece = from; piece < end; piece += PIECE) {
    write = snappyPiece(source, piece, end - piece < PIECE ? end : piece + PIECE, target, write, table)
  }
  return write
}

function snappyHash(word: i32): i32 {
  return multiply(word, PRIME) >>> (32 - HASH_BITS)
}

function snappyPiece(source: Bytes, from: i32, end: i32, target: Bytes, to: i32, table: Ints): i32 {
  fillInts(table, 0, SNAPPY_TABLE_INTS, from)
  const lastMatch = end - NO_MATCH_WITHIN
  let anchor = from
  let read = from + 1
  let write = to
  let misses: i32 = 0
  while (read <= lastMatch) {
    const word = at32(source, read)
    const slot = snappyHash(word)
    const candidate = intAt(table, slot)
    putInt(table, slot, read)
    if (candidate >= read || at32(source, candidate) !== word) {
      misses++
      read += 1 + (misses >>> 5)
      continue
    }
    misses = 0
    const length = MIN_MATCH + sameFor(source, candidate + MIN_MATCH, read + MIN_MATCH, end)
    if (read > anchor) write = snappyLiteral(source, anchor, read, target, write)
    write = snappyCopy(target, write, read - candidate, length)
    read += length
    anchor = read
    if (read <= lastMatch) putInt(table, snappyHash(at32(source, read - 1)), read - 1)
  }
  return anchor < end ? snappyLiteral(source, anchor, end, target, write) : write
}

function snappyLiteral(source: Bytes, from: i32, end: i32, target: Bytes, to: i32): i32 {
  const count = end - from
  const last = count - 1
  let write = to
  if (last < 60) {
    put(target, write++, last << 2)
  } else if (last < 256) {
    put(target, write, 60 << 2)
    put(target, write + 1, last)
    write += 2
  } else {
    // A piece is 64 KiB at most, so two bytes always do.
    put(target, write, 61 << 2)
    put16(target, write + 1, last)
    write += 3
  }
  copy(target, write, source, from, count)
  return write + count
}

function snappyCopy(target: Bytes, to: i32, distance: i32, length: i32): i32 {
  let write = to
  let left = length
  // The rest of a long match must stay at four or more, which the short form can say.
  while (left >= 68) {
    write = snappyFarCopy(target, write, distance, 64)
    left -= 64
  }
  if (left > 64) {
    write = snappyFarCopy(target, write, distance, 60)
    left -= 60
  }
  if (left >= 12 || distance >= 2048) return snappyFarCopy(target, write, distance, left)
  put(target, write, ((distance >>> 8) << 5) | ((left - 4) << 2) | 1)
  put(target, write + 1, distance)
  return write + 2
}

function snappyFarCopy(target: Bytes, to: i32, distance: i32, length: i32): i32 {
  put(target, to, ((length - 1) << 2) | 2)
  put16(target, to + 1, distance)
  return to + 3
}

/** The length in front of a block, as a varint. */
export function snappyPreamble(target: Bytes, to: i32, length: i32): i32 {
  let write = to
  let left = length
  while (left >= 128) {
    put(target, write++, (left & 127) | 128)
    left >>>= 7
  }
  put(target, write++, left)
  return write
}
