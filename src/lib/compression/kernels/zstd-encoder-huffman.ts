import { at, type Bytes, copy, fillInts, type Ints, type i32, intAt, put, put16, putInt } from './memory.ts'
import { endStream, putBits } from './zstd-encoder-bits.ts'
import {
  fseAccuracy,
  fseBits,
  fseCoder,
  fseDescribe,
  fseFirst,
  fseNext,
  fseNormalize,
} from './zstd-encoder-fse.ts'
import { assignCodes, codeLengths, countBytes } from './zstd-encoder-tree.ts'
import { CODE_BITS, CODES, NORMAL, SYMBOL_COUNTS, WEIGHT_CODER } from './zstd-encoder-work.ts'
import { WEIGHTS } from './zstd-work.ts'

/** With fewer literals than this a table costs more than it saves. */
const WORTH_A_TABLE: i32 = 64

/** Writes the section of literals: as they are, as one byte, or as prefix codes. Returns its end. */
export function zstdPutLiterals(literals: Bytes, count: i32, target: Bytes, to: i32, work: Ints): i32 {
  if (count < WORTH_A_TABLE) return rawLiterals(literals, count, target, to)
  const symbols = countBytes(literals, count, work)
  if (intAt(work, SYMBOL_COUNTS + symbols - 1) === count) {
    const start = plainHeader(target, to, count, 1)
    put(target, start, symbols - 1)
    return start + 1
  }
  const log = codeLengths(work, symbols)
  if (encodedBytes(work, symbols) + 40 >= count - (count >> 6))
    return rawLiterals(literals, count, target, to)
  assignCodes(work, symbols, log)

  const one = count < 256
  const width: i32 = count < 1024 ? 3 : count < 16384 ? 4 : 5
  const start = to + width
  const tree = putWeights(target, start, work, symbols)
  const stop = one
    ? putStream(literals, 0, count, target, tree, work)
    : putFourStreams(literals, count, target, tree, work)
  const size = stop - start
  if (size + width >= count) return rawLiterals(literals, count, target, to)
  putCodedHeader(target, to, width, one ? 0 : width - 2, count, size)
  return stop
}

function plainHeader(target: Bytes, to: i32, count: i32, kind: i32): i32 {
  if (count < 32) {
    put(target, to, kind | (count << 3))
    return to + 1
  }
  if (count < 4096) {
    put16(target, to, kind | 4 | (count << 4))
    return to + 2
  }
  put16(target, to, kind | 12 | (count << 4))
  put(target, to + 2, count >> 12)
  return to + 3
}

function rawLiterals(literals: Bytes, count: i32, target: Bytes, to: i32): i32 {
  const start = plainHeader(target, to, count, 0)
  copy(target, start, literals, 0, count)
  return start + count
}

function putCodedHeader(target: Bytes, to: i32, width: i32, form: i32, count: i32, size: i32): void {
  const sizeBits: i32 = width === 3 ? 10 : width === 4 ? 14 : 18
  // Bits are put four bytes at a time, and what follows the header is there already.
  const after = at(target, to + width)
  const more = at(target, to + width + 1)
  const last = at(target, to + width + 2)
  let bit = putBits(target, to, 0, 2 | (form << 2), 4)
  bit = putBits(target, to, bit, count, sizeBits)
  putBits(target, to, bit, size, sizeBits)
  put(target, to + width, after)
  put(target, to + width + 1, more)
  put(target, to + width + 2, last)
}

function encodedBytes(work: Ints, symbols: i32): i32 {
  let bits: i32 = 0
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    bits += intAt(work, SYMBOL_COUNTS + symbol) * intAt(work, CODE_BITS + symbol)
  }
  return bits >> 3
}

/** Describes the codes by their weights, the last one left out. Returns the end. */
function putWeights(target: Bytes, to: i32, work: Ints, symbols: i32): i32 {
  const count = symbols - 1
  const stop = putCodedWeights(target, to + 1, work, count)
  const size = stop - to - 1
  // The plain form can name 128 weights, and is taken where it is shorter.
  if (stop > 0 && size < 128 && (count > 128 || size < (count + 1) >> 1)) {
    put(target, to, size)
    return stop
  }
  put(target, to, 127 + count)
  for (let i: i32 = 0; i < count; i += 2) {
    const pair = (intAt(work, WEIGHTS + i) << 4) | (i + 1 < count ? intAt(work, WEIGHTS + i + 1) : 0)
    put(target, to + 1 + (i >> 1), pair)
  }
  return to + 1 + ((count + 1) >> 1)
}

/** The weights by two states that take turns, or 0 where that cannot be. */
function putCodedWeights(target: Bytes, to: i32, work: Ints, count: i32): i32 {
  if (count < 3) return 0
  fillInts(work, SYMBOL_COUNTS, 16, 0)
  let symbols: i32 = 0
  for (let i: i32 = 0; i < count; i++) {
    const weight = intAt(work, WEIGHTS + i)
    if (weight >= symbols) symbols = weight + 1
    putInt(work, SYMBOL_COUNTS + weight, intAt(work, SYMBOL_COUNTS + weight) + 1)
  }
  if (intAt(work, SYMBOL_COUNTS + symbols - 1) === count) return 0
  const log = fseAccuracy(count, symbols, 6)
  fseNormalize(work, symbols, count, log)
  const start = fseDescribe(target, to, work, symbols, log)
  fseCoder(work, NORMAL, symbols, log, WEIGHT_CODER)
  return putWeightStates(target, start, work, count, log)
}

function putWeightStates(target: Bytes, start: i32, work: Ints, count: i32, log: i32): i32 {
  // Backwards, so that the reader meets them in order: the last belongs to one state, the one before to the other.
  let i = count - 1
  let state = fseFirst(work, WEIGHT_CODER, intAt(work, WEIGHTS + i))
  i--
  let other = fseFirst(work, WEIGHT_CODER, intAt(work, WEIGHTS + i))
  i--
  let bit: i32 = 0
  while (i >= 0) {
    const weight = intAt(work, WEIGHTS + i)
    const bits = fseBits(work, WEIGHT_CODER, state, weight)
    bit = putBits(target, start, bit, state & ((1 << bits) - 1), bits)
    const next = fseNext(work, WEIGHT_CODER, state, weight)
    state = other
    other = next
    i--
  }
  const mask: i32 = (1 << log) - 1
  // `other` moved last: it holds the first weight and is read first.
  bit = putBits(target, start, bit, state & mask, log)
  bit = putBits(target, start, bit, other & mask, log)
  return endStream(target, start, bit)
}

/** One stream of codes, the last literal first. Returns its end. */
function putStream(literals: Bytes, from: i32, end: i32, target: Bytes, to: i32, work: Ints): i32 {
  let bit: i32 = 0
  let i = end - 1
  while (i > from) {
    const symbol = at(literals, i)
    const before = at(literals, i - 1)
    const bits = intAt(work, CODE_BITS + symbol)
    const pair = intAt(work, CODES + symbol) | (intAt(work, CODES + before) << bits)
    bit = putBits(target, to, bit, pair, bits + intAt(work, CODE_BITS + before))
    i -= 2
  }
  if (i === from) {
    const symbol = at(literals, i)
    bit = putBits(target, to, bit, intAt(work, CODES + symbol), intAt(work, CODE_BITS + symbol))
  }
  return endStream(target, to, bit)
}

/** Four streams behind a table of the sizes of the first three. */
function putFourStreams(literals: Bytes, count: i32, target: Bytes, to: i32, work: Ints): i32 {
  const quarter = (count + 3) >> 2
  let write = to + 6
  for (let i: i32 = 0; i < 4; i++) {
    const from = quarter * i
    const stop = putStream(literals, from, i === 3 ? count : from + quarter, target, write, work)
    if (i < 3) put16(target, to + i * 2, stop - write)
    write = stop
  }
  return write
}
