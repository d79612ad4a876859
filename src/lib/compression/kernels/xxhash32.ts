import { at, at32, type Bytes, type i32, multiply } from './memory.ts'

const PRIME_1: i32 = -1640531535
const PRIME_2: i32 = -2048144777
const PRIME_3: i32 = -1028477379
const PRIME_4: i32 = 668265263
const PRIME_5: i32 = 374761393

function rotate(value: i32, bits: i32): i32 {
  return (value << bits) | (value >>> (32 - bits))
}

function round(lane: i32, word: i32): i32 {
  return multiply(rotate((lane + multiply(word, PRIME_2)) | 0, 13), PRIME_1)
}

/** XXH32 with seed 0, as a signed number: the checksums of the LZ4 frame format. */
export function xxhash32(bytes: Bytes, from: i32, end: i32): i32 {
  let read = from
  let hash: i32 = PRIME_5
  if (end - from >= 16) {
    let a: i32 = 606290984
    let b: i32 = PRIME_2
    let c: i32 = 0
    let d: i32 = 1640531535
    while (end - read >= 16) {
      a = round(a, at32(bytes, read))
      b = round(b, at32(bytes, read + 4))
      c = round(c, at32(bytes, read + 8))
      d = round(d, at32(bytes, read + 12))
      read += 16
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0
  }
  hash = (hash + (end - from)) | 0
  while (end - read >= 4) {
    hash = multiply(rotate((hash + multiply(at32(bytes, read), PRIME_3)) | 0, 17), PRIME_4)
    read += 4
  }
  while (read < end) {
    hash = multiply(rotate((hash + multiply(at(bytes, read), PRIME_5)) | 0, 11), PRIME_1)
    read++
  }
  hash = multiply(hash ^ (hash >>> 15), PRIME_2)
  hash = multiply(hash ^ (hash >>> 13), PRIME_3)
  return hash ^ (hash >>> 16)
}
