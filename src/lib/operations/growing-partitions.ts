import { KtoolError } from '../errors.ts'
import type { Isolation, LaterRecords, ReadablePartition } from '../model/records.ts'
import { includesPartition, type TopicPartitions } from '../values/partitions.ts'

export interface Growth {
  readonly later: LaterRecords
  readonly isolation: Isolation
  /** What is followed, of the topics that there are by then. */
  readonly wantedOf: (names: readonly string[]) => readonly TopicPartitions[]
  /** Whether topics may come that nobody has named. */
  readonly isOpen: boolean
  /** Until it is time to look again. */
  readonly pause: () => Promise<void>
}

/** What is followed grows: partitions are added, topics come that match, and deleted ones are made anew. */
export class GrowingPartitions {
  readonly #growth: Growth
  readonly #known = new Set<string>()

  constructor(growth: Growth, followed: readonly ReadablePartition[]) {
    this.#growth = growth
    for (const each of followed) this.#known.add(keyOf(each))
  }

  /** It is gone; what has its name from now on is another one. */
  forget(gone: ReadablePartition): void {
    this.#known.delete(keyOf(gone))
  }

  /** Those that were not there before, whenever there are some. */
  async *found(): AsyncGenerator<readonly ReadablePartition[], void, undefined> {
    for (;;) {
      await this.#growth.pause()
      const found = await this.#look()
      for (const each of found) this.#known.add(keyOf(each))
      if (found.length > 0) yield found
    }
  }

  /** What cannot be read now may be at the next look; that it is not there, its reader was told already. */
  async #look(): Promise<readonly ReadablePartition[]> {
    const { later, isOpen, wantedOf } = this.#growth
    try {
      const found: ReadablePartition[] = []
      for (const wanted of wantedOf(isOpen ? await later.names() : []))
        found.push(...(await this.#newOf(wanted)))
      return found
    } catch (error) {
      if (error instanceof KtoolError) return []
      throw error
    }
  }

  async #newOf({ topic, ranges }: TopicPartitions): Promise<readonly ReadablePartition[]> {
    const { later, isolation } = this.#growth
    try {
      const opened = await later.open(topic, isolation, (partition) => {
        const isWanted = ranges === undefined || includesPartition(ranges, partition)
        return isWanted && !this.#known.has(keyOf({ topic, partition }))
      })
      return opened.flatMap(({ outcome }) => (outcome instanceof KtoolError ? [] : [outcome]))
    } catch (error) {
      if (error instanceof KtoolError) return []
      throw error
    }
  }
}

function keyOf({ topic, partition }: Pick<ReadablePartition, 'topic' | 'partition'>): string {
  return `${topic}:${partition}`
}
