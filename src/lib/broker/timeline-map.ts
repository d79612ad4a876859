import { javaHash } from '../bytes/java-hash.ts'

/** Of Knuth's multiplicative hashing, as Kafka has it: 0x9e3779b97f4a7c15. */
const GOLDEN_HIGH = 0x9e3779b9
const GOLDEN_LOW = 0x7f4a7c15
const MOST_LOAD = 0.75

/**
 * A map that goes through its keys as a TimelineHashMap of Kafka's coordinators does: by slot, and in a slot the last to
 * come is the first. It never shrinks, so that what it has held once stays to be seen in the order.
 */
export class TimelineMap<V, K extends string | number = string> implements ReadonlyMap<K, V> {
  readonly #values = new Map<K, V>()
  #bits = 1
  /** Of the keys, as long as they are the same. */
  #order: readonly K[] | null = null

  get size(): number {
    return this.#values.size
  }

  get(key: K): V | undefined {
    return this.#values.get(key)
  }

  has(key: K): boolean {
    return this.#values.has(key)
  }

  set(key: K, value: V): this {
    const { size } = this
    // Kafka does so before it looks whether the key is there already.
    if ((size + 1) * MOST_LOAD > 2 ** this.#bits) {
      this.#bits++
      this.#order = null
    }
    this.#values.set(key, value)
    if (this.size > size) this.#order = null
    return this
  }

  delete(key: K): boolean {
    if (!this.#values.delete(key)) return false
    this.#order = null
    return true
  }

  keys(): MapIterator<K> {
    this.#order ??= this.#inOrder()
    return this.#order.values()
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  *entries(): MapIterator<[K, V]> {
    for (const key of this.keys()) {
      if (this.#values.has(key)) yield [key, this.#values.get(key) as V]
    }
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }

  #inOrder(): readonly K[] {
    const placed = Array.from(this.#values.keys(), (key, at) => ({ key, at, slot: slotOf(key, this.#bits) }))
    return placed.sort((a, b) => a.slot - b.slot || b.at - a.at).map(({ key }) => key)
  }
}

/** The uppermost bits of what Java has as a product of 64 bits. */
function slotOf(key: string | number, bits: number): number {
  const hash = typeof key === 'string' ? javaHash(key) : key | 0
  const carried = Math.imul(hash, GOLDEN_HIGH) + upperHalf(hash >>> 0, GOLDEN_LOW)
  return ((hash < 0 ? carried - GOLDEN_LOW : carried) >>> 0) >>> (32 - bits)
}

/** Of the product of two unsigned integers, without the rounding of a double. */
function upperHalf(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff]
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16) + ((aLow * bHigh) & 0xffff)
  return aHigh * bHigh + Math.floor(middle / 0x10000) + ((aLow * bHigh) >>> 16)
}
