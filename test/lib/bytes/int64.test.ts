import { expect, it } from 'vitest'
import {
  addInt64,
  type Int64,
  readInt64,
  subtractInt64,
  toInt64,
  writeInt64,
} from '../../../src/lib/bytes/int64.ts'

const SAFE = 2n ** 53n - 1n
const EDGES = [
  0n,
  1n,
  -1n,
  255n,
  -256n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 32n - 1n,
  2n ** 32n,
  -(2n ** 32n),
  1_700_000_000_000n,
  SAFE - 1n,
  SAFE,
  SAFE + 1n,
  SAFE + 2n,
  -SAFE,
  -SAFE - 1n,
  -SAFE - 2n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]

function exactly(value: bigint): Int64 {
  return value >= -SAFE && value <= SAFE ? Number(value) : value
}

it('reads a number where that is exact and a bigint where it is not', () => {
  for (const value of EDGES) {
    const bytes = Buffer.alloc(9)
    bytes.writeBigInt64BE(value, 1)

    expect(readInt64(bytes, 1), String(value)).toBe(exactly(value))
    expect(toInt64(value), String(value)).toBe(exactly(value))
  }
})

it('writes the bytes that it reads', () => {
  for (const value of EDGES) {
    const bytes = Buffer.alloc(9)
    writeInt64(bytes, 1, exactly(value))

    expect(bytes.readBigInt64BE(1)).toBe(value)
  }
})

it('adds and subtracts exactly, and wraps around where a Java long does', () => {
  for (const a of EDGES) {
    for (const b of EDGES) {
      const sum = BigInt.asIntN(64, a + b)
      const difference = BigInt.asIntN(64, a - b)
      expect(addInt64(exactly(a), exactly(b)), `${a} + ${b}`).toBe(exactly(sum))
      expect(subtractInt64(exactly(a), exactly(b)), `${a} - ${b}`).toBe(exactly(difference))
    }
  }
})
