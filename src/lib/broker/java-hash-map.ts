/** Of a map that was not told how much it is going to hold. */
const FEWEST_BUCKETS = 16
const FULLEST = 0.75

/** A map that is gone through in the order of Java's HashMap: Kafka's choice between equals follows it. */
export class JavaHashMap<K, V> {
  readonly #entries = new Map<string | number, { readonly key: K; readonly value: V }>()
  readonly #idOf: (key: K) => string | number
  readonly #hashOf: (key: K) => number
  #buckets: number

  /** `expected` is how many it was told to make room for. */
  constructor(idOf: (key: K) => string | number, hashOf: (key: K) => number, expected?: number) {
    this.#idOf = idOf
    this.#hashOf = hashOf
    this.#buckets = expected === undefined ? FEWEST_BUCKETS : bucketsFor(expected)
  }

  get size(): number {
    return this.#entries.size
  }

  has(key: K): boolean {
    return this.#entries.has(this.#idOf(key))
  }

  get(key: K): V | undefined {
    return this.#entries.get(this.#idOf(key))?.value
  }

  set(key: K, value: V): void {
    this.#entries.set(this.#idOf(key), { key, value })
    while (this.#entries.size > this.#buckets * FULLEST) this.#buckets *= 2
  }

  delete(key: K): boolean {
    return this.#entries.delete(this.#idOf(key))
  }

  getOrMake(key: K, make: () => V): V {
    const known = this.get(key)
    if (known !== undefined) return known
    const made = make()
    this.set(key, made)
    return made
  }

  /** As they are now: by bucket, and in a bucket as they came. */
  entries(): (readonly [K, V])[] {
    const bucketOf = (key: K) => {
      const hash = this.#hashOf(key)
      return (hash ^ (hash >>> 16)) & (this.#buckets - 1)
    }
    return [...this.#entries.values()]
      .map(({ key, value }) => [key, value] as const)
      .sort(([a], [b]) => bucketOf(a) - bucketOf(b))
  }

  keys(): K[] {
    return this.entries().map(([key]) => key)
  }
}

export function javaIntegerMap<V>(expected?: number): JavaHashMap<number, V> {
  return new JavaHashMap(
    (key) => key,
    (key) => key,
    expected,
  )
}

/** As Kafka's assignors ask for room: for one more than they need. */
function bucketsFor(expected: number): number {
  const capacity = Math.floor((expected + 1) / FULLEST + 1)
  let buckets = 1
  while (buckets < capacity) buckets *= 2
  return buckets
}
