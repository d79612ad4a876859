import { at, at32, type Bytes, type i32, leadingZeros } from './memory.ts'

/** The highest set bit of a positive number. */
export function highBit(value: i32): i32 {
  return 31 - leadingZeros(value)
}

/** Up to 25 bits, the lowest of them `bit` bits behind the byte at `from`. */
export function bitsAt(source: Bytes, from: i32, bit: i32, count: i32): i32 {
  return (at32(source, from + (bit >> 3)) >>> (bit & 7)) & ((1 << count) - 1)
}

/** The same for up to 31 bits. */
export function manyBitsAt(source: Bytes, from: i32, bit: i32, count: i32): i32 {
  if (count <= 16) return bitsAt(source, from, bit, count)
  return (bitsAt(source, from, bit + 16, count - 16) << 16) | bitsAt(source, from, bit, 16)
}

/** Streams are read backwards; the highest set bit of the last byte marks the start. Negative if there is none. */
export function streamBits(source: Bytes, from: i32, end: i32): i32 {
  if (end <= from) return -1
  const last = at(source, end - 1)
  if (last === 0) return -1
  return (end - 1 - from) * 8 + highBit(last)
}
