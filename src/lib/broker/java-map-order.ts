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

export function topicPartitionHash(topic: string, partition: number): number {
  return (31 * (31 + partition) + javaHash(topic)) | 0
}
