import { at, at32, type Bytes, type Ints, type i32, intAt, multiply, multiplyHigh, putInt } from './memory.ts'

/**
 * XXH64 with seed 0, of which Zstandard keeps the low half. A number of 64 bits is two integers in
 * `work`, low and high, as JavaScript has no quick ones of that width.
 */
const PRIME_1_LOW: i32 = -2048144761
const PRIME_1_HIGH: i32 = -1640531535
const PRIME_2_LOW: i32 = 668265295
const PRIME_2_HIGH: i32 = -1028477379
const PRIME_3_LOW: i32 = -1640531463
const PRIME_3_HIGH: i32 = 374761393
const PRIME_4_LOW: i32 = -1028477341
const PRIME_4_HIGH: i32 = -2048144777
const PRIME_5_LOW: i32 = 374761413
const PRIME_5_HIGH: i32 = 668265263

/** Flipping it makes a signed comparison one of unsigned numbers. */
const SIGN: i32 = -2147483648

/** Where the numbers lie in `work`: four lanes, the hash, one number to calculate with. */
const HASH: i32 = 8
const TERM: i32 = 10
export const XXHASH64_WORK_INTS: i32 = 12

function set(work: Ints, slot: i32, low: i32, high: i32): void {
  putInt(work, slot, low)
  putInt(work, slot + 1, high)
}

function add(work: Ints, slot: i32, low: i32, high: i32): void {
  const sum = (intAt(work, slot) + low) | 0
  const carry: i32 = (sum ^ SIGN) < (low ^ SIGN) ? 1 : 0
  set(work, slot, sum, (intAt(work, slot + 1) + high + carry) | 0)
}

function times(work: Ints, slot: i32, low: i32, high: i32): void {
  const a = intAt(work, slot)
  const b = intAt(work, slot + 1)
  set(work, slot, multiply(a, low), (multiplyHigh(a, low) + multiply(a, high) + multiply(b, low)) | 0)
}

/** Rotates by 1 to 31 bits. */
function rotateLeft(work: Ints, slot: i32, bits: i32): void {
  const low = intAt(work, slot)
  const high = intAt(work, slot + 1)
  set(work, slot, (low << bits) | (high >>> (32 - bits)), (high << bits) | (low >>> (32 - bits)))
}

function mixLane(work: Ints, slot: i32, low: i32, high: i32): void {
  set(work, TERM, low, high)
  times(work, TERM, PRIME_2_LOW, PRIME_2_HIGH)
  add(work, slot, intAt(work, TERM), intAt(work, TERM + 1))
  rotateLeft(work, slot, 31)
  times(work, slot, PRIME_1_LOW, PRIME_1_HIGH)
}

function mixHash(work: Ints, low: i32, high: i32): void {
  set(work, HASH, intAt(work, HASH) ^ low, intAt(work, HASH + 1) ^ high)
}

function mergeLane(work: Ints, low: i32, high: i32): void {
  set(work, TERM, low, high)
  times(work, TERM, PRIME_2_LOW, PRIME_2_HIGH)
  rotateLeft(work, TERM, 31)
  times(work, TERM, PRIME_1_LOW, PRIME_1_HIGH)
  mixHash(work, intAt(work, TERM), intAt(work, TERM + 1))
  times(work, HASH, PRIME_1_LOW, PRIME_1_HIGH)
  add(work, HASH, PRIME_4_LOW, PRIME_4_HIGH)
}

/** Whole stripes of 32 bytes through four lanes, which then make the hash. */
function stripes(bytes: Bytes, from: i32, end: i32, work: Ints): i32 {
  let read = from
  set(work, 0, -1379879466, 1625958382)
  set(work, 2, PRIME_2_LOW, PRIME_2_HIGH)
  set(work, 4, 0, 0)
  set(work, 6, 2048144761, 1640531534)
  while (end - read >= 32) {
    for (let lane: i32 = 0; lane < 4; lane++) {
      mixLane(work, lane * 2, at32(bytes, read), at32(bytes, read + 4))
      read += 8
    }
  }
  set(work, HASH, 0, 0)
  for (let lane: i32 = 0; lane < 4; lane++) {
    set(work, TERM, intAt(work, lane * 2), intAt(work, lane * 2 + 1))
    rotateLeft(work, TERM, lane === 0 ? 1 : lane === 1 ? 7 : lane === 2 ? 12 : 18)
    add(work, HASH, intAt(work, TERM), intAt(work, TERM + 1))
  }
  for (let lane: i32 = 0; lane < 4; lane++) mergeLane(work, intAt(work, lane * 2), intAt(work, lane * 2 + 1))
  return read
}

/** The low 32 bits, signed. */
export function xxhash64Low(bytes: Bytes, from: i32, end: i32, work: Ints): i32 {
  let read = from
  set(work, HASH, PRIME_5_LOW, PRIME_5_HIGH)
  if (end - from >= 32) read = stripes(bytes, from, end, work)
  add(work, HASH, end - from, 0)
  while (end - read >= 8) {
    set(work, TERM, at32(bytes, read), at32(bytes, read + 4))
    times(work, TERM, PRIME_2_LOW, PRIME_2_HIGH)
    rotateLeft(work, TERM, 31)
    times(work, TERM, PRIME_1_LOW, PRIME_1_HIGH)
    mixHash(work, intAt(work, TERM), intAt(work, TERM + 1))
    rotateLeft(work, HASH, 27)
    times(work, HASH, PRIME_1_LOW, PRIME_1_HIGH)
    add(work, HASH, PRIME_4_LOW, PRIME_4_HIGH)
    read += 8
  }
  if (end - read >= 4) {
    set(work, TERM, at32(bytes, read), 0)
    times(work, TERM, PRIME_1_LOW, PRIME_1_HIGH)
    mixHash(work, intAt(work, TERM), intAt(work, TERM + 1))
    rotateLeft(work, HASH, 23)
    times(work, HASH, PRIME_2_LOW, PRIME_2_HIGH)
    add(work, HASH, PRIME_3_LOW, PRIME_3_HIGH)
    read += 4
  }
  while (read < end) {
    set(work, TERM, at(bytes, read), 0)
    times(work, TERM, PRIME_5_LOW, PRIME_5_HIGH)
    mixHash(work, intAt(work, TERM), intAt(work, TERM + 1))
    rotateLeft(work, HASH, 11)
    times(work, HASH, PRIME_1_LOW, PRIME_1_HIGH)
    read++
  }
  // The avalanche shifts by 33, 29 and 32 bits.
  set(work, HASH, intAt(work, HASH) ^ (intAt(work, HASH + 1) >>> 1), intAt(work, HASH + 1))
  times(work, HASH, PRIME_2_LOW, PRIME_2_HIGH)
  const low = intAt(work, HASH)
  const high = intAt(work, HASH + 1)
  set(work, HASH, low ^ ((low >>> 29) | (high << 3)), high ^ (high >>> 29))
  times(work, HASH, PRIME_3_LOW, PRIME_3_HIGH)
  return intAt(work, HASH) ^ intAt(work, HASH + 1)
}
