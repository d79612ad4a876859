import { at, at16, type Bytes, copy, type Ints, type i32, intAt, putInt, repeat } from './memory.ts'
import { FULL, malformed } from './outcome.ts'
import { bitsAt, manyBitsAt, streamBits } from './zstd-bits.ts'
import { fseCounts, fseSingle, fseTable } from './zstd-fse.ts'
import {
  COUNTS,
  DEFAULT_DISTANCE_SYMBOLS,
  DEFAULT_DISTANCES,
  DEFAULT_LENGTHS,
  DEFAULT_MATCHES,
  DISTANCE_BASES,
  DISTANCE_BITS,
  DISTANCE_SYMBOLS,
  DISTANCES,
  DISTANCES_LOG,
  LENGTH_BASES,
  LENGTH_BITS,
  LENGTH_SYMBOLS,
  LENGTHS,
  LENGTHS_LOG,
  MATCH_BASES,
  MATCH_BITS,
  MATCH_SYMBOLS,
  MATCHES,
  MATCHES_LOG,
  REPEATED,
  RESULT_LOG,
  RESULT_SEQUENCES,
  RESULT_SYMBOLS,
} from './zstd-work.ts'

/** How a block says which table it uses. */
const PREDEFINED: i32 = 0
const ONE_SYMBOL: i32 = 1
const DESCRIBED: i32 = 2

/** Prepares one of the three tables, and returns where its description ends. `logAt` keeps accuracy + 1. */
function sequenceTable(
  source: Bytes,
  from: i32,
  end: i32,
  work: Ints,
  mode: i32,
  table: i32,
  logAt: i32,
  logMax: i32,
  symbolsMax: i32,
  bases: i32,
  extras: i32,
  defaults: i32,
  defaultSymbols: i32,
  defaultLog: i32,
): i32 {
  if (mode === PREDEFINED) {
    fseTable(work, defaults, defaultSymbols, defaultLog, table, bases, extras)
    putInt(work, logAt, defaultLog + 1)
    return from
  }
  if (mode === ONE_SYMBOL) {
    if (from >= end || at(source, from) >= symbolsMax) return malformed(from)
    fseSingle(work, table, at(source, from), bases, extras)
    putInt(work, logAt, 1)
    return from + 1
  }
  if (mode === DESCRIBED) {
    const next = fseCounts(source, from, end, work, symbolsMax, logMax)
    if (next < 0) return next
    fseTable(work, COUNTS, intAt(work, RESULT_SYMBOLS), intAt(work, RESULT_LOG), table, bases, extras)
    putInt(work, logAt, intAt(work, RESULT_LOG) + 1)
    return next
  }
  // The table of an earlier block again, if there was one.
  return intAt(work, logAt) === 0 ? malformed(from) : from
}

function sequenceTables(source: Bytes, from: i32, end: i32, work: Ints): i32 {
  if (from >= end) return malformed(from)
  const modes = at(source, from)
  if ((modes & 3) !== 0) return malformed(from)
  // biome-ignore format: one line a table
  let next = sequenceTable(source, from + 1, end, work, modes >> 6, LENGTHS, LENGTHS_LOG, 9, LENGTH_SYMBOLS, LENGTH_BASES, LENGTH_BITS, DEFAULT_LENGTHS, LENGTH_SYMBOLS, 6)
  if (next < 0) return next
  // biome-ignore format: one line a table
  next = sequenceTable(source, next, end, work, (modes >> 4) & 3, DISTANCES, DISTANCES_LOG, 8, DISTANCE_SYMBOLS, DISTANCE_BASES, DISTANCE_BITS, DEFAULT_DISTANCES, DEFAULT_DISTANCE_SYMBOLS, 5)
  if (next < 0) return next
  // biome-ignore format: one line a table
  return sequenceTable(source, next, end, work, (modes >> 2) & 3, MATCHES, MATCHES_LOG, 9, MATCH_SYMBOLS, MATCH_BASES, MATCH_BITS, DEFAULT_MATCHES, MATCH_SYMBOLS, 6)
}

/**
 * The values 1 to 3 repeat one of the latest distances, with the meanings shifted by one behind no literals.
 * Returns the distance, or something not positive when it is invalid.
 */
function distanceOf(work: Ints, value: i32, literals: i32): i32 {
  const first = intAt(work, REPEATED)
  const second = intAt(work, REPEATED + 1)
  if (value > 3) {
    putInt(work, REPEATED + 2, second)
    putInt(work, REPEATED + 1, first)
    putInt(work, REPEATED, value - 3)
    return value - 3
  }
  const which = literals === 0 ? value + 1 : value
  if (which === 1) return first
  const third = intAt(work, REPEATED + 2)
  const distance = which === 2 ? second : which === 3 ? third : first - 1
  if (which !== 2) putInt(work, REPEATED + 2, second)
  putInt(work, REPEATED + 1, first)
  putInt(work, REPEATED, distance)
  return distance
}

/** Reads how many sequences there are; returns where their tables begin. */
function sequenceCount(source: Bytes, from: i32, end: i32, work: Ints): i32 {
  if (from >= end) return malformed(from)
  const first = at(source, from)
  const width: i32 = first < 128 ? 1 : first < 255 ? 2 : 3
  if (width > end - from) return malformed(from)
  let count = first
  if (width === 2) count = ((first - 128) << 8) | at(source, from + 1)
  if (width === 3) count = at16(source, from + 1) + 0x7f00
  if (count === 0 && width !== end - from) return malformed(from + width)
  putInt(work, RESULT_SEQUENCES, count)
  return from + width
}

/** Decodes the section of sequences and carries each out: some literals, then a match. */
export function zstdSequences(
  source: Bytes,
  from: i32,
  end: i32,
  literals: Bytes,
  literalsFrom: i32,
  literalsEnd: i32,
  target: Bytes,
  to: i32,
  limit: i32,
  floor: i32,
  work: Ints,
): i32 {
  let start = sequenceCount(source, from, end, work)
  if (start < 0) return start
  let count = intAt(work, RESULT_SEQUENCES)
  let literal = literalsFrom
  let write = to
  if (count > 0) {
    start = sequenceTables(source, start, end, work)
    if (start < 0) return start
    const lengthsLog = intAt(work, LENGTHS_LOG) - 1
    const distancesLog = intAt(work, DISTANCES_LOG) - 1
    const matchesLog = intAt(work, MATCHES_LOG) - 1
    let bits = streamBits(source, start, end) - lengthsLog
    if (bits < distancesLog + matchesLog) return malformed(start)
    let lengthState = LENGTHS + bitsAt(source, start, bits, lengthsLog) * 2
    bits -= distancesLog
    let distanceState = DISTANCES + bitsAt(source, start, bits, distancesLog) * 2
    bits -= matchesLog
    let matchState = MATCHES + bitsAt(source, start, bits, matchesLog) * 2
    while (true) {
      const lengthPacked = intAt(work, lengthState + 1)
      const distancePacked = intAt(work, distanceState + 1)
      const matchPacked = intAt(work, matchState + 1)

      bits -= distancePacked & 255
      const value = intAt(work, distanceState) + manyBitsAt(source, start, bits, distancePacked & 255)
      bits -= matchPacked & 255
      const match = intAt(work, matchState) + bitsAt(source, start, bits, matchPacked & 255)
      bits -= lengthPacked & 255
      const length = intAt(work, lengthState) + bitsAt(source, start, bits, lengthPacked & 255)
      if (bits < 0) return malformed(start)

      if (length > literalsEnd - literal) return malformed(start)
      if (length > limit - write) return FULL
      copy(target, write, literals, literal, length)
      literal += length
      write += length
      const distance =
        value > 3 || length === 0 || value !== 1 ? distanceOf(work, value, length) : intAt(work, REPEATED)
      if (distance <= 0 || distance > write - floor) return malformed(start)
      if (match > limit - write) return FULL
      repeat(target, write, distance, match)
      write += match

      count--
      if (count === 0) break
      const lengthWidth = (lengthPacked >> 8) & 255
      bits -= lengthWidth
      lengthState = LENGTHS + ((lengthPacked >>> 16) + bitsAt(source, start, bits, lengthWidth)) * 2
      const matchWidth = (matchPacked >> 8) & 255
      bits -= matchWidth
      matchState = MATCHES + ((matchPacked >>> 16) + bitsAt(source, start, bits, matchWidth)) * 2
      const distanceWidth = (distancePacked >> 8) & 255
      bits -= distanceWidth
      distanceState = DISTANCES + ((distancePacked >>> 16) + bitsAt(source, start, bits, distanceWidth)) * 2
      if (bits < 0) return malformed(start)
    }
    if (bits !== 0) return malformed(start)
  }
  const rest = literalsEnd - literal
  if (rest > limit - write) return FULL
  copy(target, write, literals, literal, rest)
  return write + rest
}
