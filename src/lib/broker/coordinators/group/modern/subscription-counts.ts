/** How many members name a topic, and how many patterns of the group match it. */
export interface SubscriptionCount {
  readonly byName: number
  readonly byRegex: number
}

/** By the name of the topic. One that nobody wants is not in it. */
export class SubscriptionCounts {
  readonly #counts: Map<string, SubscriptionCount>

  constructor(counts: Iterable<readonly [string, SubscriptionCount]> = []) {
    this.#counts = new Map(counts)
  }

  copy(): SubscriptionCounts {
    return new SubscriptionCounts(this.#counts)
  }

  names(): IterableIterator<string> {
    return this.#counts.keys()
  }

  counts(): IterableIterator<SubscriptionCount> {
    return this.#counts.values()
  }

  has(topic: string): boolean {
    return this.#counts.has(topic)
  }

  /** A member names these instead of those. */
  moveNames(before: Iterable<string>, after: Iterable<string>): this {
    for (const topic of before) this.#add(topic, -1, 0)
    for (const topic of after) this.#add(topic, 1, 0)
    return this
  }

  /** A pattern matches these instead of those. */
  moveMatches(before: Iterable<string>, after: Iterable<string>): this {
    for (const topic of before) this.#add(topic, 0, -1)
    for (const topic of after) this.#add(topic, 0, 1)
    return this
  }

  #add(topic: string, names: number, patterns: number): void {
    const { byName, byRegex } = this.#counts.get(topic) ?? { byName: 0, byRegex: 0 }
    const next = { byName: Math.max(0, byName + names), byRegex: Math.max(0, byRegex + patterns) }
    if (next.byName === 0 && next.byRegex === 0) this.#counts.delete(topic)
    else this.#counts.set(topic, next)
  }
}
