const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/** Kafka's murmur2, as a signed 32-bit number. */
export function murmur2(bytes: Buffer): number {
  const { length } = bytes
  const tail = length & ~3
  let hash = SEED ^ length
  for (let i = 0; i < tail; i += 4) {
    let k = Math.imul(bytes.readInt32LE(i), MULTIPLIER)
    k ^= k >>> 24
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(k, MULTIPLIER)
  }
  if (tail < length) hash = Math.imul(hash ^ bytes.readUIntLE(tail, length - tail), MULTIPLIER)
  hash ^= hash >>> 13
  hash = Math.imul(hash, MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/** Clears the sign bit, which is not the absolute value. Kafka's clients all do it this way. */
export function toPositive(hash: number): number {
  return hash & 0x7fffffff
}

/** Where Kafka's default partitioner puts a record with this key. */
export function partitionOfKey(key: Buffer, partitionCount: number): number {
  return toPositive(murmur2(key)) % partitionCount
}
