import { type Bytes, fillInts, type Ints, type i32, intAt, put, put16, putInt } from './memory.ts'
import { highBit } from './zstd-bits.ts'
import { endStream, putBits } from './zstd-encoder-bits.ts'
import {
  fseAccuracy,
  fseBits,
  fseCoder,
  fseDescribe,
  fseFirst,
  fseNext,
  fseNormalize,
  fseSingleCoder,
} from './zstd-encoder-fse.ts'
import { zstdPutLiterals } from './zstd-encoder-huffman.ts'
import {
  DISTANCE_CODER,
  KEPT,
  LENGTH_CODER,
  MATCH_CODER,
  NORMAL,
  SEQUENCES,
  SYMBOL_COUNTS,
} from './zstd-encoder-work.ts'
import { zstdMatches } from './zstd-matches.ts'
import {
  DEFAULT_DISTANCE_SYMBOLS,
  DEFAULT_DISTANCES,
  DEFAULT_LENGTHS,
  DEFAULT_MATCHES,
  LENGTH_BASES,
  LENGTH_BITS,
  LENGTH_SYMBOLS,
  MATCH_BASES,
  MATCH_BITS,
  MATCH_SYMBOLS,
  REPEATED,
  RESULT_LOG,
} from './zstd-work.ts'

/** With fewer sequences the predefined tables do as well as described ones. */
const WORTH_TABLES: i32 = 48

/**
 * Encodes the content of one compressed block. Returns 0 when it is no smaller than the block itself,
 * which then is to be written raw; the distances to repeat are left as they were.
 * The target needs room for twice the block.
 */
export function zstdEncodeBlock(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  literals: Bytes,
  work: Ints,
  log: i32,
): i32 {
  putInt(work, KEPT, intAt(work, REPEATED))
  putInt(work, KEPT + 1, intAt(work, REPEATED + 1))
  const count = zstdMatches(source, from, end, literals, work, log)
  let literalCount = end - from
  for (let i: i32 = 0; i < count; i++) literalCount -= intAt(work, SEQUENCES + i * 4 + 1)
  let write = zstdPutLiterals(literals, literalCount, target, to, work)
  // Literals alone may take all the room already; sequences would go beyond it.
  if (write - to < end - from) write = putSequences(target, write, work, count)
  if (write - to < end - from) return write
  putInt(work, REPEATED, intAt(work, KEPT))
  putInt(work, REPEATED + 1, intAt(work, KEPT + 1))
  return 0
}

function lengthCode(value: i32): i32 {
  if (value < 16) return value
  if (value >= 64) return highBit(value) + 19
  if (value < 24) return 16 + ((value - 16) >> 1)
  if (value < 32) return 20 + ((value - 24) >> 2)
  return value < 48 ? 22 + ((value - 32) >> 3) : 24
}

function matchCode(length: i32): i32 {
  const value = length - 3
  if (value < 32) return value
  if (value >= 128) return highBit(value) + 36
  if (value < 40) return 32 + ((value - 32) >> 1)
  if (value < 48) return 36 + ((value - 40) >> 2)
  if (value < 64) return 38 + ((value - 48) >> 3)
  return value < 96 ? 40 + ((value - 64) >> 4) : 42
}

/** Notes the codes of each sequence, in one integer. */
function codeSequences(work: Ints, count: i32): void {
  for (let i: i32 = 0; i < count; i++) {
    const sequence = SEQUENCES + i * 4
    const length = lengthCode(intAt(work, sequence))
    const match = matchCode(intAt(work, sequence + 1))
    const distance = highBit(intAt(work, sequence + 2))
    putInt(work, sequence + 3, length | (match << 8) | (distance << 16))
  }
}

/** Counts the codes at one place of that integer; returns the highest, plus one. */
function countCodes(work: Ints, count: i32, shift: i32): i32 {
  fillInts(work, SYMBOL_COUNTS, 64, 0)
  let symbols: i32 = 0
  for (let i: i32 = 0; i < count; i++) {
    const code = (intAt(work, SEQUENCES + i * 4 + 3) >> shift) & 255
    putInt(work, SYMBOL_COUNTS + code, intAt(work, SYMBOL_COUNTS + code) + 1)
    if (code >= symbols) symbols = code + 1
  }
  return symbols
}

/** Chooses a table for one kind of code, writes what describes it, and returns the end; `at` takes the mode. */
function putTable(
  target: Bytes,
  to: i32,
  work: Ints,
  count: i32,
  shift: i32,
  coder: i32,
  logMax: i32,
  defaults: i32,
  defaultSymbols: i32,
  defaultLog: i32,
): i32 {
  const symbols = countCodes(work, count, shift)
  if (intAt(work, SYMBOL_COUNTS + symbols - 1) === count) {
    put(target, to, symbols - 1)
    fseSingleCoder(work, symbols - 1, coder)
    putInt(work, RESULT_LOG, 0)
    return to + 1
  }
  if (count < WORTH_TABLES) {
    fseCoder(work, defaults, defaultSymbols, defaultLog, coder)
    putInt(work, RESULT_LOG, defaultLog)
    return to
  }
  const log = fseAccuracy(count, symbols, logMax)
  fseNormalize(work, symbols, count, log)
  fseCoder(work, NORMAL, symbols, log, coder)
  putInt(work, RESULT_LOG, log)
  return fseDescribe(target, to, work, symbols, log)
}

/** Predefined, one symbol, or described. */
function modeOf(count: i32, log: i32): i32 {
  if (log === 0) return 1
  return count < WORTH_TABLES ? 0 : 2
}

function putSequences(target: Bytes, to: i32, work: Ints, count: i32): i32 {
  let write = to
  if (count < 128) put(target, write++, count)
  else if (count < 0x7f00) {
    put(target, write, (count >> 8) + 128)
    put(target, write + 1, count)
    write += 2
  } else {
    put(target, write, 255)
    put16(target, write + 1, count - 0x7f00)
    write += 3
  }
  if (count === 0) return write
  codeSequences(work, count)
  const modes = write++
  // biome-ignore format: one line a table
  write = putTable(target, write, work, count, 0, LENGTH_CODER, 9, DEFAULT_LENGTHS, LENGTH_SYMBOLS, 6)
  const lengthLog = intAt(work, RESULT_LOG)
  // biome-ignore format: one line a table
  write = putTable(target, write, work, count, 16, DISTANCE_CODER, 8, DEFAULT_DISTANCES, DEFAULT_DISTANCE_SYMBOLS, 5)
  const distanceLog = intAt(work, RESULT_LOG)
  // biome-ignore format: one line a table
  write = putTable(target, write, work, count, 8, MATCH_CODER, 9, DEFAULT_MATCHES, MATCH_SYMBOLS, 6)
  const matchLog = intAt(work, RESULT_LOG)
  put(
    target,
    modes,
    (modeOf(count, lengthLog) << 6) | (modeOf(count, distanceLog) << 4) | (modeOf(count, matchLog) << 2),
  )
  return putSequenceStream(target, write, work, count, lengthLog, distanceLog, matchLog)
}

/** The bits of all sequences, the last first; a reader goes backwards. */
function putSequenceStream(
  target: Bytes,
  start: i32,
  work: Ints,
  count: i32,
  lengthLog: i32,
  distanceLog: i32,
  matchLog: i32,
): i32 {
  const last = intAt(work, SEQUENCES + count * 4 - 1)
  let lengthState = fseFirst(work, LENGTH_CODER, last & 255)
  let distanceState = fseFirst(work, DISTANCE_CODER, last >> 16)
  let matchState = fseFirst(work, MATCH_CODER, (last >> 8) & 255)
  let bit = putExtras(target, start, 0, work, SEQUENCES + count * 4 - 4)
  for (let i = count - 2; i >= 0; i--) {
    const sequence = SEQUENCES + i * 4
    const codes = intAt(work, sequence + 3)
    const length = codes & 255
    const match = (codes >> 8) & 255
    const distance = codes >> 16
    const distanceBits = fseBits(work, DISTANCE_CODER, distanceState, distance)
    bit = putBits(target, start, bit, distanceState & ((1 << distanceBits) - 1), distanceBits)
    distanceState = fseNext(work, DISTANCE_CODER, distanceState, distance)
    const matchBits = fseBits(work, MATCH_CODER, matchState, match)
    bit = putBits(target, start, bit, matchState & ((1 << matchBits) - 1), matchBits)
    matchState = fseNext(work, MATCH_CODER, matchState, match)
    const lengthBits = fseBits(work, LENGTH_CODER, lengthState, length)
    bit = putBits(target, start, bit, lengthState & ((1 << lengthBits) - 1), lengthBits)
    lengthState = fseNext(work, LENGTH_CODER, lengthState, length)
    bit = putExtras(target, start, bit, work, sequence)
  }
  bit = putBits(target, start, bit, matchState & ((1 << matchLog) - 1), matchLog)
  bit = putBits(target, start, bit, distanceState & ((1 << distanceLog) - 1), distanceLog)
  bit = putBits(target, start, bit, lengthState & ((1 << lengthLog) - 1), lengthLog)
  return endStream(target, start, bit)
}

/** What a sequence's codes leave open: bits of the length, of the match and of the distance. */
function putExtras(target: Bytes, start: i32, bit: i32, work: Ints, sequence: i32): i32 {
  const codes = intAt(work, sequence + 3)
  const length = codes & 255
  const match = (codes >> 8) & 255
  const distance = codes >> 16
  const lengthExtra = intAt(work, sequence) - intAt(work, LENGTH_BASES + length)
  let next = putBits(target, start, bit, lengthExtra, intAt(work, LENGTH_BITS + length))
  const matchExtra = intAt(work, sequence + 1) - intAt(work, MATCH_BASES + match)
  next = putBits(target, start, next, matchExtra, intAt(work, MATCH_BITS + match))
  // At most 23 bits, as no sequence goes farther back than that.
  return putBits(target, start, next, intAt(work, sequence + 2) - (1 << distance), distance)
}
