/** XXH3 with 64 bits and without a seed, as its specification has it. Meant for small inputs: it works on bigints. */

/** The secret of 192 bytes that the algorithm comes with, as words of eight. */
const SECRET_WORDS = [
  0xbe4ba423396cfeb8n,
  0x1cad21f72c81017cn,
  0xdb979083e96dd4den,
  0x1f67b3b7a4a44072n,
  0x78e5c0cc4ee679cbn,
  0x2172ffcc7dd05a82n,
  0x8e2443f7744608b8n,
  0x4c263a81e69035e0n,
  0xcb00c391bb52283cn,
  0xa32e531b8b65d088n,
  0x4ef90da297486471n,
  0xd8acdea946ef1938n,
  0x3f349ce33f76faa8n,
  0x1d4f0bc7c7bbdcf9n,
  0x3159b4cd4be0518an,
  0x647378d9c97e9fc8n,
  0xc3ebd33483acc5ean,
  0xeb6313faffa081c5n,
  0x49daf0b751dd0d17n,
  0x9e68d429265516d3n,
  0xfca1477d58be162bn,
  0xce31d07ad1b8f88fn,
  0x280416958f3acb45n,
  0x7e404bbbcafbd7afn,
]

const PRIME32_1 = 0x9e3779b1n
const PRIME32_2 = 0x85ebca77n
const PRIME32_3 = 0xc2b2ae3dn
const PRIME64_1 = 0x9e3779b185ebca87n
const PRIME64_2 = 0xc2b2ae3d27d4eb4fn
const PRIME64_3 = 0x165667b19e3779f9n
const PRIME64_4 = 0x85ebca77c2b2ae63n
const PRIME64_5 = 0x27d4eb2f165667c5n
const PRIME_MX1 = 0x165667919e3779f9n
const PRIME_MX2 = 0x9fb21c651e98df25n

const MASK = 0xffff_ffff_ffff_ffffn
const LOW = 0xffff_ffffn
const STRIPE = 64
const STRIPES_PER_BLOCK = 16
const BLOCK = STRIPE * STRIPES_PER_BLOCK
const LANES = 8

const secret = Buffer.alloc(SECRET_WORDS.length * 8)
for (const [i, word] of SECRET_WORDS.entries()) secret.writeBigUInt64LE(word, i * 8)

/** As an int64. */
export function xxh3(input: Buffer): bigint {
  const { length } = input
  const hash =
    length <= 16 ? short(input) : length <= 128 ? medium(input) : length <= 240 ? longer(input) : long(input)
  return BigInt.asIntN(64, hash)
}

function short(input: Buffer): bigint {
  const { length } = input
  if (length > 8) return upTo16(input)
  if (length >= 4) return upTo8(input)
  if (length === 0) return avalanche64(word(secret, 56) ^ word(secret, 64))
  const [first = 0, middle = 0, last = 0] = [input[0], input[length >> 1], input[length - 1]]
  const combined = BigInt(((first << 16) | (middle << 24) | last | (length << 8)) >>> 0)
  return avalanche64(combined ^ BigInt((secret.readUInt32LE(0) ^ secret.readUInt32LE(4)) >>> 0))
}

function upTo8(input: Buffer): bigint {
  const { length } = input
  const [first, last] = [BigInt(input.readUInt32LE(0)), BigInt(input.readUInt32LE(length - 4))]
  let hash = (last + (first << 32n)) ^ (word(secret, 8) ^ word(secret, 16))
  hash ^= rotated(hash, 49n) ^ rotated(hash, 24n)
  hash = (hash * PRIME_MX2) & MASK
  hash ^= (hash >> 35n) + BigInt(length)
  hash = (hash * PRIME_MX2) & MASK
  return hash ^ (hash >> 28n)
}

function upTo16(input: Buffer): bigint {
  const { length } = input
  const low = word(input, 0) ^ (word(secret, 24) ^ word(secret, 32))
  const high = word(input, length - 8) ^ (word(secret, 40) ^ word(secret, 48))
  return avalanche(BigInt(length) + swapped(low) + high + folded(low, high))
}

function medium(input: Buffer): bigint {
  const { length } = input
  let sum = BigInt(length) * PRIME64_1
  for (let i = (length - 1) >> 5; i >= 0; i--) {
    sum += mix16(input, 16 * i, 32 * i) + mix16(input, length - 16 * (i + 1), 32 * i + 16)
  }
  return avalanche(sum)
}

function longer(input: Buffer): bigint {
  const { length } = input
  const rounds = length >> 4
  let sum = BigInt(length) * PRIME64_1
  for (let i = 0; i < 8; i++) sum += mix16(input, 16 * i, 16 * i)
  sum = avalanche(sum)
  for (let i = 8; i < rounds; i++) sum += mix16(input, 16 * i, 16 * (i - 8) + 3)
  return avalanche(sum + mix16(input, length - 16, 136 - 17))
}

function long(input: Buffer): bigint {
  const { length } = input
  const lanes = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1]
  const blocks = Math.floor((length - 1) / BLOCK)
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < STRIPES_PER_BLOCK; i++) accumulate(lanes, input, block * BLOCK + i * STRIPE, 8 * i)
    scramble(lanes)
  }
  const stripes = Math.floor((length - 1 - blocks * BLOCK) / STRIPE)
  for (let i = 0; i < stripes; i++) accumulate(lanes, input, blocks * BLOCK + i * STRIPE, 8 * i)
  accumulate(lanes, input, length - STRIPE, secret.length - STRIPE - 7)
  return merged(lanes, BigInt(length))
}

function accumulate(lanes: bigint[], input: Buffer, at: number, secretAt: number): void {
  for (let i = 0; i < LANES; i++) {
    const value = word(input, at + 8 * i)
    const key = value ^ word(secret, secretAt + 8 * i)
    lanes[i ^ 1] = ((lanes[i ^ 1] ?? 0n) + value) & MASK
    lanes[i] = ((lanes[i] ?? 0n) + (key & LOW) * (key >> 32n)) & MASK
  }
}

function scramble(lanes: bigint[]): void {
  for (const [i, lane] of lanes.entries()) {
    const key = lane ^ (lane >> 47n) ^ word(secret, secret.length - STRIPE + 8 * i)
    lanes[i] = (key * PRIME32_1) & MASK
  }
}

function merged(lanes: readonly bigint[], length: bigint): bigint {
  let sum = length * PRIME64_1
  for (let i = 0; i < LANES; i += 2) {
    const at = 11 + 8 * i
    sum += folded((lanes[i] ?? 0n) ^ word(secret, at), (lanes[i + 1] ?? 0n) ^ word(secret, at + 8))
  }
  return avalanche(sum)
}

function mix16(input: Buffer, at: number, secretAt: number): bigint {
  return folded(word(input, at) ^ word(secret, secretAt), word(input, at + 8) ^ word(secret, secretAt + 8))
}

function word(bytes: Buffer, at: number): bigint {
  return bytes.readBigUInt64LE(at)
}

function folded(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product & MASK) ^ (product >> 64n)
}

function rotated(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK
}

function swapped(value: bigint): bigint {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes.readBigUInt64BE()
}

function avalanche(value: bigint): bigint {
  let hash = value & MASK
  hash ^= hash >> 37n
  hash = (hash * PRIME_MX1) & MASK
  return hash ^ (hash >> 32n)
}

function avalanche64(value: bigint): bigint {
  let hash = value & MASK
  hash ^= hash >> 33n
  hash = (hash * PRIME64_2) & MASK
  hash ^= hash >> 29n
  hash = (hash * PRIME64_3) & MASK
  return hash ^ (hash >> 32n)
}
