import { javaHash } from '../bytes/java-hash.ts'

/** Of a map that was not told how much it is going to hold. */
const FEWEST_BUCKETS = 16

/**
 * The order in which Java's HashMap goes through its keys, for keys that go in one after another: by bucket, and
 * in a bucket as they came. Kafka's answers and its choice between equals follow it.
 */
export function inJavaMapOrder<T>(
  keys: readonly T[],
  hashOf: (key: T) => number,
  fewestBuckets = FEWEST_BUCKETS,
): T[] {
  let bucketCount = fewestBuckets
  while (keys.length > bucketCount * 0.75) bucketCount *= 2
  const bucketOf = (key: T) => {
    const hash = hashOf(key)
    return (hash ^ (hash >>> 16)) & (bucketCount - 1)
  }
  return keys.toSorted((a, b) => bucketOf(a) - bucketOf(b))
}

/** Of Knuth's multiplicative hashing, as Kafka has it. */
const GOLDEN_RATIO = 0x9e3779b97f4a7c15n

/** The order in which a TimelineHashMap of Kafka's coordinators goes through its keys, for keys that came one by one. */
export function inTimelineOrder<T>(keys: readonly T[], hashOf: (key: T) => number): T[] {
  let slots = 2
  let bits = 1n
  while (keys.length * 0.75 > slots) {
    slots *= 2
    bits++
  }
  const slotOf = (key: T) => Number(BigInt.asUintN(64, BigInt(hashOf(key)) * GOLDEN_RATIO) >> (64n - bits))
  const placed = keys.map((key) => ({ key, slot: slotOf(key) }))
  return placed.sort((a, b) => a.slot - b.slot).map(({ key }) => key)
}

export function topicPartitionHash(topic: string, partition: number): number {
  return (31 * (31 + partition) + javaHash(topic)) | 0
}
