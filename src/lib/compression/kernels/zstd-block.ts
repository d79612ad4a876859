import { at, at16, at32, type Bytes, fill, type Ints, type i32, intAt, putInt } from './memory.ts'
import { malformed } from './outcome.ts'
import { huffmanStreams, huffmanTable } from './zstd-huffman.ts'
import { zstdSequences } from './zstd-sequences.ts'
import {
  BLOCK_BYTES,
  DISTANCES_LOG,
  HUFFMAN_LOG,
  LENGTHS_LOG,
  MATCHES_LOG,
  REPEATED,
  RESULT_FROM_SOURCE,
  RESULT_LITERALS,
} from './zstd-work.ts'

/** What each frame starts with: these distances to repeat, and no tables. */
export function zstdStartFrame(work: Ints): void {
  putInt(work, REPEATED, 1)
  putInt(work, REPEATED + 1, 4)
  putInt(work, REPEATED + 2, 8)
  putInt(work, LENGTHS_LOG, 0)
  putInt(work, DISTANCES_LOG, 0)
  putInt(work, MATCHES_LOG, 0)
  putInt(work, HUFFMAN_LOG, 0)
}

/**
 * Decodes the content of one compressed block. Matches may reach back to `floor`, where the frame's
 * output begins. `literals` is scratch space for the literals of one block.
 */
export function zstdBlock(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  limit: i32,
  floor: i32,
  literals: Bytes,
  work: Ints,
): i32 {
  const next = zstdLiterals(source, from, end, literals, work)
  if (next < 0) return next
  const count = intAt(work, RESULT_LITERALS)
  // Literals that are not compressed are taken from where they stand.
  const start = intAt(work, RESULT_FROM_SOURCE)
  if (start > 0)
    return zstdSequences(source, next, end, source, start, start + count, target, to, limit, floor, work)
  return zstdSequences(source, next, end, literals, 0, count, target, to, limit, floor, work)
}

function zstdLiterals(source: Bytes, from: i32, end: i32, literals: Bytes, work: Ints): i32 {
  if (from >= end) return malformed(from)
  const head = at(source, from)
  return (head & 3) < 2
    ? plainLiterals(source, from, end, literals, work)
    : codedLiterals(source, from, end, literals, work)
}

/** Literals as they are, or one byte to be repeated. */
function plainLiterals(source: Bytes, from: i32, end: i32, literals: Bytes, work: Ints): i32 {
  const head = at(source, from)
  const form = (head >> 2) & 3
  const width: i32 = form === 1 ? 2 : form === 3 ? 3 : 1
  if (width > end - from) return malformed(from)
  let count = head >> 3
  if (width > 1) count = (head >> 4) | (at(source, from + 1) << 4)
  if (width > 2) count |= at(source, from + 2) << 12
  if (count > BLOCK_BYTES) return malformed(from)
  const start = from + width
  putInt(work, RESULT_LITERALS, count)
  if ((head & 3) === 0) {
    if (count > end - start) return malformed(from)
    putInt(work, RESULT_FROM_SOURCE, start)
    return start + count
  }
  if (start >= end) return malformed(from)
  fill(literals, 0, count, at(source, start))
  putInt(work, RESULT_FROM_SOURCE, 0)
  return start + 1
}

/** Literals as prefix codes, of a table that stands before them or of an earlier block's. */
function codedLiterals(source: Bytes, from: i32, end: i32, literals: Bytes, work: Ints): i32 {
  const head = at(source, from)
  const form = (head >> 2) & 3
  const width: i32 = form < 2 ? 3 : form + 2
  if (width > end - from) return malformed(from)
  const sizeBits: i32 = form < 2 ? 10 : form === 2 ? 14 : 18
  const mask: i32 = (1 << sizeBits) - 1
  const low = (at16(source, from) | (at(source, from + 2) << 16)) >>> 4
  // Up to 36 bits behind the first four: the second size is taken from where it begins.
  const count = form < 2 ? low & mask : (at32(source, from) >>> 4) & mask
  const size =
    form < 2 ? low >>> 10 : form === 2 ? at32(source, from) >>> 18 : (at32(source, from + 2) >>> 6) & mask
  if (count > BLOCK_BYTES) return malformed(from)
  let start = from + width
  const stop = start + size
  if (stop > end) return malformed(from)
  if ((head & 3) === 2) {
    start = huffmanTable(source, start, stop, work)
    if (start < 0) return start
  } else if (intAt(work, HUFFMAN_LOG) === 0) return malformed(from)
  const result = huffmanStreams(source, start, stop, literals, 0, count, work, form === 0 ? 1 : 4)
  if (result < 0) return result
  putInt(work, RESULT_LITERALS, count)
  putInt(work, RESULT_FROM_SOURCE, 0)
  return stop
}
