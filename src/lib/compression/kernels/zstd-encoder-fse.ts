import { type Bytes, divide, type Ints, type i32, intAt, larger, putInt, smaller } from './memory.ts'
import { highBit } from './zstd-bits.ts'
import { putBits } from './zstd-encoder-bits.ts'
import { CODER_STATES, NORMAL, SPREAD, SYMBOL_COUNTS } from './zstd-encoder-work.ts'
import { NEXT } from './zstd-work.ts'

/** How finely a table for `total` symbols should be divided. */
export function fseAccuracy(total: i32, symbols: i32, logMax: i32): i32 {
  const enough = larger(highBit(total - 1) - 2, highBit(symbols) + 2)
  return larger(smaller(enough, logMax), 5)
}

/** Scales the counts of at least two symbols so that they add up to a table's size. */
export function fseNormalize(work: Ints, symbols: i32, total: i32, log: i32): void {
  const size: i32 = 1 << log
  let left = size
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, SYMBOL_COUNTS + symbol)
    let share = count === 0 ? 0 : divide(count * size + (total >> 1), total)
    if (count > 0 && share === 0) share = -1
    putInt(work, NORMAL + symbol, share)
    left -= share < 0 ? 1 : share
  }
  // The largest take or give what rounding has left over.
  while (left !== 0) {
    let largest: i32 = 0
    for (let symbol: i32 = 1; symbol < symbols; symbol++) {
      if (intAt(work, NORMAL + symbol) > intAt(work, NORMAL + largest)) largest = symbol
    }
    const share = intAt(work, NORMAL + largest)
    const half = share >> 1
    const change = left > 0 ? left : -left < half ? left : -half
    putInt(work, NORMAL + largest, share + change)
    left -= change
  }
}

/** Writes the description of a table; returns where it ends. */
export function fseDescribe(target: Bytes, to: i32, work: Ints, symbols: i32, log: i32): i32 {
  let bit = putBits(target, to, 0, log - 5, 4)
  let left: i32 = 1 << log
  let symbol: i32 = 0
  while (left > 0) {
    const count = intAt(work, NORMAL + symbol)
    const width = highBit(left + 1) + 1
    const low: i32 = (1 << (width - 1)) - 1
    const spare: i32 = (1 << width) - 2 - left
    const value = count + 1
    if (value < spare) bit = putBits(target, to, bit, value, width - 1)
    else bit = putBits(target, to, bit, value > low ? value + spare : value, width)
    left -= count < 0 ? 1 : count
    symbol++
    if (count !== 0) continue
    let zeros: i32 = 0
    while (symbol < symbols && intAt(work, NORMAL + symbol) === 0) {
      zeros++
      symbol++
    }
    for (; zeros >= 3; zeros -= 3) bit = putBits(target, to, bit, 3, 2)
    bit = putBits(target, to, bit, zeros, 2)
  }
  return to + ((bit + 7) >> 3)
}

/** Builds what a coder needs from the counts at `normal`. */
export function fseCoder(work: Ints, normal: i32, symbols: i32, log: i32, coder: i32): void {
  const size: i32 = 1 << log
  let high = size
  let total: i32 = 0
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, normal + symbol)
    putInt(work, NEXT + symbol, total)
    total += count < 0 ? 1 : count
    if (count < 0) {
      high--
      putInt(work, SPREAD + high, symbol)
    }
  }
  const step: i32 = (size >> 1) + (size >> 3) + 3
  let state: i32 = 0
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, normal + symbol)
    for (let i: i32 = 0; i < count; i++) {
      putInt(work, SPREAD + state, symbol)
      state = (state + step) & (size - 1)
      while (state >= high) state = (state + step) & (size - 1)
    }
  }
  for (let symbol: i32 = 0; symbol < symbols; symbol++) {
    const count = intAt(work, normal + symbol) < 0 ? 1 : intAt(work, normal + symbol)
    if (count === 0) continue
    // Adding a state to it gives the number of bits to write in its upper half.
    const bits = count === 1 ? log : log - highBit(count - 1)
    putInt(work, coder + symbol * 2, (bits << 16) - (count << bits))
    putInt(work, coder + symbol * 2 + 1, intAt(work, NEXT + symbol) - count)
  }
  for (let i: i32 = 0; i < size; i++) {
    const symbol = intAt(work, SPREAD + i)
    const index = intAt(work, NEXT + symbol)
    putInt(work, NEXT + symbol, index + 1)
    putInt(work, coder + CODER_STATES + index, size + i)
  }
}

/** A coder of one symbol writes no bits. */
export function fseSingleCoder(work: Ints, symbol: i32, coder: i32): void {
  putInt(work, coder + symbol * 2, -1)
  putInt(work, coder + symbol * 2 + 1, -1)
  putInt(work, coder + CODER_STATES, 1)
}

/** The state to begin with, so that the first symbol is written for nothing. */
export function fseFirst(work: Ints, coder: i32, symbol: i32): i32 {
  const delta = intAt(work, coder + symbol * 2)
  const bits = (delta + 32768) >> 16
  const value = (bits << 16) - delta
  return intAt(work, coder + CODER_STATES + (value >> bits) + intAt(work, coder + symbol * 2 + 1))
}

export function fseNext(work: Ints, coder: i32, state: i32, symbol: i32): i32 {
  const bits = fseBits(work, coder, state, symbol)
  return intAt(work, coder + CODER_STATES + (state >> bits) + intAt(work, coder + symbol * 2 + 1))
}

/** How many low bits of the state are written before it moves on to `symbol`. */
export function fseBits(work: Ints, coder: i32, state: i32, symbol: i32): i32 {
  return (state + intAt(work, coder + symbol * 2)) >> 16
}
