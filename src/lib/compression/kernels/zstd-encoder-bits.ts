import { at, type Bytes, type i32, put32 } from './memory.ts'

/**
 * Adds up to 24 bits to a stream that begins at `from` and has `bit` bits so far; returns the new number.
 * Writes up to four bytes behind them.
 */
export function putBits(target: Bytes, from: i32, bit: i32, value: i32, count: i32): i32 {
  const index = from + (bit >> 3)
  const shift = bit & 7
  const kept = at(target, index) & ((1 << shift) - 1)
  put32(target, index, kept | (value << shift))
  return bit + count
}

/** Ends a stream that is read backwards by a set bit; returns the position behind it. */
export function endStream(target: Bytes, from: i32, bit: i32): i32 {
  return from + ((putBits(target, from, bit, 1, 1) + 7) >> 3)
}
