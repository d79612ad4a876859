import type { PlacementBroker } from '../model/reassignments.ts'

/** How many replicas each broker has, all together and of each topic. */
export class PlacementLoads {
  readonly #total = new Map<number, number>()
  readonly #byTopic = new Map<string, Map<number, number>>()

  total(broker: number): number {
    return this.#total.get(broker) ?? 0
  }

  ofTopic(topic: string, broker: number): number {
    return this.#byTopic.get(topic)?.get(broker) ?? 0
  }

  add(topic: string, broker: number, count: 1 | -1): void {
    this.#total.set(broker, this.total(broker) + count)
    const own = this.#byTopic.get(topic) ?? new Map<number, number>()
    this.#byTopic.set(topic, own)
    own.set(broker, (own.get(broker) ?? 0) + count)
  }
}

/**
 * Which broker stands in which rack. Where one of those that may take replicas has none, racks say nothing: Kafka's
 * own placement refuses that, here it is as if each broker stood alone.
 */
export class Racks {
  readonly #byBroker: ReadonlyMap<number, string>
  /** Brokers without a rack among others that have one. */
  readonly rackless: readonly number[]

  constructor(brokers: readonly PlacementBroker[]) {
    const rackless = brokers.filter(({ rack }) => rack === null).map(({ id }) => id)
    this.rackless = rackless.length === brokers.length ? [] : rackless
    const isKnown = rackless.length === 0
    this.#byBroker = new Map(isKnown ? brokers.map(({ id, rack }) => [id, `rack ${rack}`]) : [])
  }

  /** A broker that is gone, or whose rack is not known, is a rack by itself. */
  of(broker: number): string {
    return this.#byBroker.get(broker) ?? `broker ${broker}`
  }

  /** How many of these replicas stand in the rack of a broker, itself not among them. */
  neighbours(broker: number, replicas: readonly number[]): number {
    const rack = this.of(broker)
    return replicas.filter((each) => each !== broker && this.of(each) === rack).length
  }

  /** The more replicas share racks, the higher; 0 where each has one of its own. */
  crowding(replicas: readonly number[]): number {
    return replicas.reduce((sum, each) => sum + this.neighbours(each, replicas), 0)
  }
}

/** The first of the items by several numbers, the one that matters most first. */
export function leastOf<T>(items: Iterable<T>, weigh: (item: T) => readonly number[]): T | undefined {
  let least: { readonly item: T; readonly weight: readonly number[] } | undefined
  for (const item of items) {
    const weight = weigh(item)
    if (least === undefined || isLess(weight, least.weight)) least = { item, weight }
  }
  return least?.item
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, each] of a.entries()) {
    const other = b[i] ?? 0
    if (each !== other) return each < other
  }
  return false
}
