import { crc32 } from '../../bytes/crc32.ts'
import { partitionOfKey } from '../../bytes/murmur2.ts'
import type { Random } from '../../ports/random.ts'

export const partitionerNames = ['murmur2', 'librdkafka', 'sticky', 'round-robin', 'random'] as const
export type PartitionerName = (typeof partitionerNames)[number]

/** The partitions of a topic, as far as they are known now. */
export interface Spread {
  readonly count: number
  /** Those that have a leader; all, where none has one. */
  readonly available: readonly number[]
}

/** Decides where a record goes that names no partition itself. */
export interface Partitioner {
  partitionOf(key: Buffer | null, spread: Spread): number
  /** A batch has been closed: records that may go anywhere begin the next one elsewhere. */
  batchClosed(partition: number): void
}

export function partitionerOf(name: PartitionerName, random: Random): Partitioner {
  const dice = new Dice(random)
  const sticky = new Sticky(dice)
  switch (name) {
    // Java's: a key that is there but empty has a hash like any other.
    case 'murmur2':
      return new Keyed(sticky, (key, { count }) => (key === null ? undefined : partitionOfKey(key, count)))
    // Its `consistent_random`: there an empty key counts as none.
    case 'librdkafka':
      return new Keyed(sticky, (key, { count }) =>
        key === null || key.length === 0 ? undefined : crc32(key) % count,
      )
    case 'sticky':
      return sticky
    case 'round-robin':
      return new RoundRobin(dice)
    case 'random':
      return { partitionOf: (_key, { available }) => dice.oneOf(available), batchClosed() {} }
  }
}

class Keyed implements Partitioner {
  readonly #keyless: Partitioner
  readonly #byKey: (key: Buffer | null, spread: Spread) => number | undefined

  constructor(keyless: Partitioner, byKey: (key: Buffer | null, spread: Spread) => number | undefined) {
    this.#keyless = keyless
    this.#byKey = byKey
  }

  partitionOf(key: Buffer | null, spread: Spread): number {
    return this.#byKey(key, spread) ?? this.#keyless.partitionOf(key, spread)
  }

  batchClosed(partition: number): void {
    this.#keyless.batchClosed(partition)
  }
}

/** One partition until a batch is full, so that few large batches are sent and not many small ones (KIP-480). */
class Sticky implements Partitioner {
  readonly #dice: Dice
  #spread: Spread | undefined
  #current = -1

  constructor(dice: Dice) {
    this.#dice = dice
  }

  partitionOf(_key: Buffer | null, spread: Spread): number {
    const isKnown = this.#spread === spread
    this.#spread = spread
    if (this.#current < 0 || !(isKnown || spread.available.includes(this.#current))) {
      this.#current = this.#dice.oneOf(spread.available)
    }
    return this.#current
  }

  batchClosed(partition: number): void {
    if (partition !== this.#current || this.#spread === undefined) return
    const others = this.#spread.available.filter((each) => each !== partition)
    if (others.length > 0) this.#current = this.#dice.oneOf(others)
  }
}

class RoundRobin implements Partitioner {
  readonly #dice: Dice
  #next = -1

  constructor(dice: Dice) {
    this.#dice = dice
  }

  partitionOf(_key: Buffer | null, { available }: Spread): number {
    if (this.#next < 0) this.#next = this.#dice.below(available.length)
    const partition = available[this.#next % available.length] ?? 0
    this.#next = (this.#next + 1) % available.length
    return partition
  }

  batchClosed(): void {}
}

const POOL_BYTES = 4096

/** Chance by the handful: asking for each number alone takes longer than sending the record. */
class Dice {
  readonly #random: Random
  #pool: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(random: Random) {
    this.#random = random
  }

  below(limit: number): number {
    if (this.#at >= this.#pool.length) {
      this.#pool = this.#random.bytes(POOL_BYTES)
      this.#at = 0
    }
    const number = this.#pool.readUInt32BE(this.#at)
    this.#at += 4
    return number % limit
  }

  oneOf(numbers: readonly number[]): number {
    return numbers[this.below(numbers.length)] ?? 0
  }
}
