import { type Bytes, divide, type i32, put } from './memory.ts'

const BILLION: i32 = 1000000000

/** Writes `high` × 10⁹ + `low`, or minus that where `high` is negative: then it is the complement. */
export function decimal(target: Bytes, to: i32, high: i32, low: i32): i32 {
  let write = to
  let upper = high
  if (high < 0) {
    put(target, write++, 0x2d)
    upper = ~high
  }
  if (upper === 0) return digits(target, write, low, digitCount(low))
  write = digits(target, write, upper, digitCount(upper))
  return digits(target, write, low, 9)
}

/** An integer of 32 bits. */
export function small(target: Bytes, to: i32, value: i32): i32 {
  if (value >= 0) return value < BILLION ? decimal(target, to, 0, value) : large(target, to, value)
  // The only negative number that a log of Kafka's holds here is −1.
  put(target, to, 0x2d)
  return small(target, to + 1, -value)
}

function large(target: Bytes, to: i32, value: i32): i32 {
  const upper = divide(value, BILLION)
  return decimal(target, to, upper, value - upper * BILLION)
}

function digitCount(value: i32): i32 {
  if (value < 10000) {
    if (value < 100) return value < 10 ? 1 : 2
    return value < 1000 ? 3 : 4
  }
  if (value < 1000000) return value < 100000 ? 5 : 6
  if (value < 100000000) return value < 10000000 ? 7 : 8
  return 9
}

function digits(target: Bytes, to: i32, value: i32, count: i32): i32 {
  let left = value
  let write = to + count
  while (write - to >= 2) {
    const rest = divide(left, 100)
    const pair = left - rest * 100
    const ten = divide(pair, 10)
    put(target, write - 1, 0x30 + pair - ten * 10)
    put(target, write - 2, 0x30 + ten)
    write -= 2
    left = rest
  }
  if (write > to) put(target, to, 0x30 + left)
  return to + count
}
