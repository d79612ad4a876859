/**
 * An int64 as record data carries it: a number while that is exact, the bigint itself beyond 2^53−1.
 * Offsets and timestamps of a healthy log are always numbers; a damaged or hostile one keeps its digits.
 * Comparing works across both (`a < b`), arithmetic goes through `addInt64`.
 */
export type Int64 = number | bigint

const TWO_TO_32 = 0x100000000
/** The high words of the numbers within ±(2^53−1) lie between these two, both excluded. */
const HIGHEST = 0x200000
const LOWEST = -0x200001

/** The one place where eight bytes become an offset, a timestamp or a producer id. */
export function readInt64(bytes: Buffer, at: number): Int64 {
  const high = bytes.readInt32BE(at)
  if (high >= HIGHEST || high <= LOWEST) return bytes.readBigInt64BE(at)
  const value = high * TWO_TO_32 + bytes.readUInt32BE(at + 4)
  return value < Number.MIN_SAFE_INTEGER ? BigInt(value) : value
}

export function writeInt64(bytes: Buffer, at: number, value: Int64): void {
  if (typeof value === 'bigint') {
    bytes.writeBigInt64BE(value, at)
    return
  }
  const high = Math.floor(value / TWO_TO_32)
  bytes.writeInt32BE(high, at)
  bytes.writeUInt32BE(value - high * TWO_TO_32, at + 4)
}

export function toInt64(value: bigint): Int64 {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The sum as Java's long has it, which wraps around at 64 bits. */
export function addInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return toInt64(BigInt.asIntN(64, BigInt(a) + BigInt(b)))
}

export function subtractInt64(a: Int64, b: Int64): Int64 {
  return addInt64(a, -b)
}
