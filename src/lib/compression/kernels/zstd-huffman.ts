import { at, at16, at32, type Bytes, type Ints, type i32, intAt, put, putInt } from './memory.ts'
import { malformed } from './outcome.ts'
import { bitsAt, highBit, streamBits } from './zstd-bits.ts'
import { fseCounts, fseTable } from './zstd-fse.ts'
import {
  COUNTS,
  HUFFMAN,
  HUFFMAN_LOG,
  HUFFMAN_LOG_MAX,
  RESULT_LOG,
  RESULT_SYMBOLS,
  WEIGHT_RANKS,
  WEIGHT_STATES,
  WEIGHTS,
} from './zstd-work.ts'

/** The last symbol's weight is not written, it follows from the others. */
const WEIGHTS_MAX: i32 = 255

/** Reads a description of prefix codes, builds their table, and returns where the description ends. */
export function huffmanTable(source: Bytes, from: i32, end: i32, work: Ints): i32 {
  if (from >= end) return malformed(from)
  const head = at(source, from)
  const start = from + 1
  if (head >= 128) {
    const count = head - 127
    const stop = start + ((count + 1) >> 1)
    if (stop > end) return malformed(from)
    for (let i: i32 = 0; i < count; i++) {
      const pair = at(source, start + (i >> 1))
      putInt(work, WEIGHTS + i, (i & 1) === 0 ? pair >> 4 : pair & 15)
    }
    return huffmanCodes(work, count) ? stop : malformed(from)
  }
  const stop = start + head
  if (stop > end) return malformed(from)
  const count = huffmanWeights(source, start, stop, work)
  if (count < 0) return count
  return huffmanCodes(work, count) ? stop : malformed(from)
}

/** Weights that are themselves compressed, by two states that take turns. Returns their number. */
function huffmanWeights(source: Bytes, from: i32, end: i32, work: Ints): i32 {
  const start = fseCounts(source, from, end, work, HUFFMAN_LOG_MAX + 2, 6)
  if (start < 0) return start
  const log = intAt(work, RESULT_LOG)
  fseTable(work, COUNTS, intAt(work, RESULT_SYMBOLS), log, WEIGHT_STATES, -1, -1)
  let bits = streamBits(source, start, end)
  if (bits < log * 2) return malformed(start)
  bits -= log
  let state = bitsAt(source, start, bits, log)
  bits -= log
  let other = bitsAt(source, start, bits, log)
  let count: i32 = 0
  while (count < WEIGHTS_MAX) {
    putInt(work, WEIGHTS + count, intAt(work, WEIGHT_STATES + state * 2))
    count++
    const packed = intAt(work, WEIGHT_STATES + state * 2 + 1)
    const width = (packed >> 8) & 255
    bits -= width
    if (bits < 0) {
      // The stream is used up: what the other state stands for is the last weight.
      if (count >= WEIGHTS_MAX) return malformed(start)
      putInt(work, WEIGHTS + count, intAt(work, WEIGHT_STATES + other * 2))
      return count + 1
    }
    const next = (packed >>> 16) + bitsAt(source, start, bits, width)
    state = other
    other = next
  }
  return malformed(start)
}

/** Turns weights into the table of prefixes. */
function huffmanCodes(work: Ints, count: i32): boolean {
  for (let i: i32 = 0; i <= HUFFMAN_LOG_MAX + 1; i++) putInt(work, WEIGHT_RANKS + i, 0)
  let sum: i32 = 0
  for (let i: i32 = 0; i < count; i++) {
    const weight = intAt(work, WEIGHTS + i)
    if (weight > HUFFMAN_LOG_MAX) return false
    if (weight > 0) {
      sum += 1 << (weight - 1)
      putInt(work, WEIGHT_RANKS + weight, intAt(work, WEIGHT_RANKS + weight) + 1)
    }
  }
  if (sum === 0) return false
  const log = highBit(sum) + 1
  const left = (1 << log) - sum
  if (log > HUFFMAN_LOG_MAX || (left & (left - 1)) !== 0) return false
  const last = highBit(left) + 1
  putInt(work, WEIGHTS + count, last)
  putInt(work, WEIGHT_RANKS + last, intAt(work, WEIGHT_RANKS + last) + 1)
  huffmanFill(work, count + 1, log)
  putInt(work, HUFFMAN_LOG, log)
  return true
}

function huffmanFill(work: Ints, count: i32, log: i32): void {
  let start: i32 = 0
  for (let weight: i32 = 1; weight <= log; weight++) {
    const symbols = intAt(work, WEIGHT_RANKS + weight)
    putInt(work, WEIGHT_RANKS + weight, start)
    start += symbols << (weight - 1)
  }
  for (let symbol: i32 = 0; symbol < count; symbol++) {
    const weight = intAt(work, WEIGHTS + symbol)
    if (weight === 0) continue
    const first = intAt(work, WEIGHT_RANKS + weight)
    const stop = first + (1 << (weight - 1))
    putInt(work, WEIGHT_RANKS + weight, stop)
    const entry = symbol | ((log + 1 - weight) << 8)
    for (let i = first; i < stop; i++) putInt(work, HUFFMAN + i, entry)
  }
}

/** Decodes one stream to exactly the bytes between `to` and `stop`. Returns `stop`. */
function huffmanStream(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  stop: i32,
  work: Ints,
): i32 {
  const log = intAt(work, HUFFMAN_LOG)
  const mask: i32 = (1 << log) - 1
  let bits = streamBits(source, from, end)
  if (bits < 0) return malformed(from)
  let write = to
  // Two codes have at most 22 bits, which one load always holds.
  while (bits >= log * 2 && stop - write >= 2) {
    const low = bits - log * 2
    const word = at32(source, from + (low >> 3)) >>> (low & 7)
    const first = intAt(work, HUFFMAN + ((word >>> log) & mask))
    const second = intAt(work, HUFFMAN + ((word >>> (log - (first >> 8))) & mask))
    put(target, write, first)
    put(target, write + 1, second)
    write += 2
    bits -= (first >> 8) + (second >> 8)
  }
  while (write < stop) {
    const prefix =
      bits >= log ? bitsAt(source, from, bits - log, log) : bitsAt(source, from, 0, bits) << (log - bits)
    const entry = intAt(work, HUFFMAN + (prefix & mask))
    put(target, write, entry)
    write++
    bits -= entry >> 8
    if (bits < 0) return malformed(from)
  }
  return bits === 0 ? stop : malformed(from)
}

/** Four streams, each a quarter of the literals; a table of jumps says where they start. */
export function huffmanStreams(
  source: Bytes,
  from: i32,
  end: i32,
  target: Bytes,
  to: i32,
  stop: i32,
  work: Ints,
  streams: i32,
): i32 {
  if (streams === 1) return huffmanStream(source, from, end, target, to, stop, work)
  if (end - from < 6) return malformed(from)
  const quarter = (stop - to + 3) >> 2
  if (quarter * 3 > stop - to) return malformed(from)
  let start = from + 6
  let write = to
  for (let i: i32 = 0; i < 3; i++) {
    const next = start + at16(source, from + i * 2)
    if (next > end) return malformed(from)
    const result = huffmanStream(source, start, next, target, write, write + quarter, work)
    if (result < 0) return result
    start = next
    write += quarter
  }
  return huffmanStream(source, start, end, target, write, stop, work)
}
