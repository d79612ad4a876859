import { javaHash } from '../bytes/java-hash.ts'

/** Of Knuth's multiplicative hashing, as Kafka has it. */
const GOLDEN_RATIO = 0x9e3779b97f4a7c15n
const MOST_LOAD = 0.75

/**
 * A map that goes through its keys as a TimelineHashMap of Kafka's coordinators does: by slot, and in a slot the last to
 * come is the first. It never shrinks, so that what it has held once stays to be seen in the order.
 */
export class TimelineMap<V> implements ReadonlyMap<string, V> {
  readonly #values = new Map<string, V>()
  #slots: string[][] = [[], []]
  #bits = 1n

  get size(): number {
    return this.#values.size
  }

  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  set(key: string, value: V): this {
    // Kafka does so before it looks whether the key is there already.
    if ((this.size + 1) * MOST_LOAD > this.#slots.length) this.#grow()
    if (!this.#values.has(key)) this.#slotOf(key).push(key)
    this.#values.set(key, value)
    return this
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false
    const slot = this.#slotOf(key)
    slot.splice(slot.indexOf(key), 1)
    return true
  }

  *keys(): MapIterator<string> {
    for (const slot of this.#slots) yield* slot.toReversed()
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  *entries(): MapIterator<[string, V]> {
    for (const key of this.keys()) yield [key, this.#values.get(key) as V]
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this)
  }

  #grow(): void {
    const keys = this.#slots.flat()
    this.#slots = Array.from({ length: this.#slots.length * 2 }, () => [])
    this.#bits++
    for (const key of keys) this.#slotOf(key).push(key)
  }

  #slotOf(key: string): string[] {
    const mixed = BigInt.asUintN(64, BigInt(javaHash(key)) * GOLDEN_RATIO)
    return this.#slots[Number(mixed >> (64n - this.#bits))] as string[]
  }
}
