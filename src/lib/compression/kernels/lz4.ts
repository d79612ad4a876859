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
  smaller,
} from './memory.ts'
import { FULL, malformed } from './outcome.ts'

const MIN_MATCH: i32 = 4
/** The format's rules of the end: the last five bytes are literals, no match starts in the last twelve. */
const LAST_LITERALS: i32 = 5
const NO_MATCH_WITHIN: i32 = 12
const FARTHEST: i32 = 65535

const HASH_BITS: i32 = 13
export const LZ4_TABLE_INTS: i32 = 1 << HASH_BITS
const PRIME: i32 = -1640531535

/** Decodes one block into `target`. Matches may reach back to `floor`, into blocks decoded before. */
export function lz4Decode(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  limit: i32,
  floor: i32,
): i32 {
  let read = from
  let write = to
  while (read < end) {
    const token = at(source, read++)
    let count = token >>> 4
    if (count === 15) {
      let more: i32 = 255
      while (more === 255) {
        // Checked in each step: a sum of the whole run could leave 32 bits.
        if (read >= end || count > end - read) return malformed(read)
        more = at(source, read++)
        count += more
      }
    }
    if (count > end - read) return malformed(read)
    if (count > limit - write) return FULL
    copy(target, write, source, read, count)
    read += count
    write += count
    if (read === end) return write

    if (end - read < 2) return malformed(read)
    const distance = at16(source, read)
    if (distance === 0 || distance > write - floor) return malformed(read)
    read += 2
    count = token & 15
    if (count === 15) {
      let more: i32 = 255
      while (more === 255) {
        if (read >= end) return malformed(read)
        if (count > limit - write) return FULL
        more = at(source, read++)
        count += more
      }
    }
    count += MIN_MATCH
    if (count > limit - write) return FULL
    repeat(target, write, distance, count)
    write += count
  }
  // A block stops behind literals, if only behind none of them, never behind a match.
  return malformed(read)
}

function lz4Hash(word: i32): i32 {
  return multiply(word, PRIME) >>> (32 - HASH_BITS)
}

/** Encodes one block, or returns 0 when it would not be smaller than `limit` allows. */
export function lz4Encode(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  limit: i32,
  table: Ints,
): i32 {
  fillInts(table, 0, LZ4_TABLE_INTS, from)
  const lastMatch = end - NO_MATCH_WITHIN
  const matchEnd = end - LAST_LITERALS
  let anchor = from
  let read = from + 1
  let write = to
  // The longer nothing is found, the longer the steps: incompressible data passes quickly.
  let misses: i32 = 0
  while (read <= lastMatch) {
    const word = at32(source, read)
    const slot = lz4Hash(word)
    const candidate = intAt(table, slot)
    putInt(table, slot, read)
    if (candidate >= read || read - candidate > FARTHEST || at32(source, candidate) !== word) {
      misses++
      read += 1 + (misses >>> 6)
      continue
    }
    misses = 0
    let match = candidate
    while (read > anchor && match > from && at(source, read - 1) === at(source, match - 1)) {
      read--
      match--
    }
    const length = MIN_MATCH + sameFor(source, match + MIN_MATCH, read + MIN_MATCH, matchEnd)
    write = lz4Sequence(source, anchor, read, target, write, limit, read - match, length)
    if (write === 0) return 0
    read += length
    anchor = read
    if (read <= lastMatch) putInt(table, lz4Hash(at32(source, read - 2)), read - 2)
  }
  return lz4Sequence(source, anchor, end, target, write, limit, 0, 0)
}

/** Writes literals and the match behind them; a distance of 0 is the end of the block. */
function lz4Sequence(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  limit: i32,
  distance: i32,
  length: i32,
): i32 {
  const literals = end - from
  const extra = distance === 0 ? 0 : length - MIN_MATCH
  // A length takes one byte for each 255 of it, in the worst case: checked once for all that follows.
  if (literals + (literals >>> 7) + (extra >>> 7) + 6 > limit - to) return 0
  let write = to + 1
  put(target, to, (smaller(literals, 15) << 4) | smaller(extra, 15))
  if (literals >= 15) write = lz4Length(target, write, literals - 15)
  copy(target, write, source, from, literals)
  write += literals
  if (distance === 0) return write
  put16(target, write, distance)
  write += 2
  if (extra >= 15) write = lz4Length(target, write, extra - 15)
  return write
}

function lz4Length(target: Bytes, to: i32, length: i32): i32 {
  let write = to
  let left = length
  while (left >= 255) {
    put(target, write++, 255)
    left -= 255
  }
  put(target, write++, left)
  return write
}
