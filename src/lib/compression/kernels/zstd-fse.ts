import { type Bytes, type Ints, type i32, intAt, putInt } from './memory.ts'
import { malformed } from './outcome.ts'
import { bitsAt, highBit } from './zstd-bits.ts'
import { COUNTS, NEXT, RESULT_LOG, RESULT_SYMBOLS } from './zstd-work.ts'

/**
 * Reads how often each symbol occurs, the way a table is described in the stream.
 * Leaves the counts, their number and the accuracy in `work`, and returns where the description ends.
 */
export function fseCounts(source: Bytes, from: i32, end: i32, work: Ints, symbolsMax: i32, logMax: i32): i32 {
  if (from >= end) return malformed(from)
  const bitEnd = (end - from) * 8
  const log = bitsAt(source, from, 0, 4) + 5
  if (log > logMax) return malformed(from)
  let bit: i32 = 4
  let left: i32 = 1 << log
  let symbol: i32 = 0
  while (left > 0) {
    if (symbol >= symbolsMax || bit > bitEnd) return malformed(from)
    // Small values take one bit less, so that the values of `left + 2` cases fill the bits.
    const width = highBit(left + 1) + 1
    const low: i32 = (1 << (width - 1)) - 1
    const spare: i32 = (1 << width) - 2 - left
    let value = bitsAt(source, from, bit, width)
    if ((value & low) < spare) {
      value = value & low
      bit += width - 1
    } else {
      if (value > low) value -= spare
      bit += width
    }
    const count = value - 1
    left -= count < 0 ? 1 : count
    putInt(work, COUNTS + symbol, count)
    symbol++
    if (count === 0) {
      let zeros: i32 = 3
      while (zeros === 3) {
        if (bit > bitEnd) return malformed(from)
        zeros = bitsAt(source, from, bit, 2)
        bit += 2
        if (zeros > symbolsMax - symbol) return malformed(from)
        for (let i: i32 = 0; i < zeros; i++) putInt(work, COUNTS + symbol + i, 0)
        symbol += zeros
      }
    }
  }
  if (left !== 0 || bit > bitEnd) return malformed(from)
  putInt(work, RESULT_LOG, log)
  putInt(work, RESULT_SYMBOLS, symbol)
  return from + ((bit + 7) >> 3)
}

/** Builds the table of states from counts; the values of symbols come from `bases` and `extras`. */
export function fseTable(
  work: Ints,
  counts: i32,
  symbols: i32,
  log: i32,
  table: i32,
  bases: i32,
  extras: i32,
): void {
  const size: i32 = 1 << log
  let high = size
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, counts + symbol)
    if (count < 0) {
      high--
      putInt(work, table + high * 2, symbol)
    }
    putInt(work, NEXT + symbol, count < 0 ? 1 : count)
  }
  const step: i32 = (size >> 1) + (size >> 3) + 3
  let state: i32 = 0
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, counts + symbol)
    for (let i: i32 = 0; i < count; i++) {
      putInt(work, table + state * 2, symbol)
      state = (state + step) & (size - 1)
      // The states of rare symbols lie at the end of the table and are passed over.
      while (state >= high) state = (state + step) & (size - 1)
    }
  }
  for (let i: i32 = 0; i < size; i++) {
    const symbol = intAt(work, table + i * 2)
    const next = intAt(work, NEXT + symbol)
    putInt(work, NEXT + symbol, next + 1)
    const bits = log - highBit(next)
    putInt(work, table + i * 2, bases < 0 ? symbol : intAt(work, bases + symbol))
    const extra = extras < 0 ? 0 : intAt(work, extras + symbol)
    putInt(work, table + i * 2 + 1, extra | (bits << 8) | (((next << bits) - size) << 16))
  }
}

/** A table with one state, for a symbol that needs no bits. */
export function fseSingle(work: Ints, table: i32, symbol: i32, bases: i32, extras: i32): void {
  putInt(work, table, intAt(work, bases + symbol))
  putInt(work, table + 1, intAt(work, extras + symbol))
}
