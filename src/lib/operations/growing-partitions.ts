import { KtoolError } from '../errors.ts'
import { foundIn } from '../model/outcome.ts'
import { type Isolation, type LaterRecords, type ReadablePartition, TOPIC_DELETED } from '../model/records.ts'
import { includesPartition, type TopicPartitions } from '../values/partitions.ts'
import { EndedPartitions } from './ended-partitions.ts'
import type { Unopened } from './open-partitions.ts'

export interface Growth {
  readonly later: LaterRecords
  readonly isolation: Isolation
  /** What is followed, of the topics that there are by then. */
  readonly wantedOf: (names: readonly string[]) => readonly TopicPartitions[]
  /** Whether topics may come that nobody has named. */
  readonly isOpen: boolean
  /** Until it is time to look again. */
  readonly pause: () => Promise<void>
  /** Tells people what has become of one, in the midst of it all. */
  readonly say: (note: string) => Promise<void>
}

export interface FollowedFrom {
  readonly partition: ReadablePartition
  readonly from: number | bigint
}

/** What came of what was there at first. */
export interface FirstLook {
  readonly followed: readonly FollowedFrom[]
  /** There, but it could not be read. */
  readonly unread: readonly Unopened[]
  /** Where one of those begins, once it can be read. */
  readonly begin: (partition: ReadablePartition) => Promise<FollowedFrom>
}

/**
 * What is followed grows: partitions are added, topics come that match, deleted ones are made anew, and what could not be
 * read can be again.
 */
export class GrowingPartitions {
  readonly #growth: Growth
  readonly #begin: FirstLook['begin']
  readonly #known = new Set<string>()
  readonly #unread = new Set<string>()
  /** Topics that may be made anew. */
  readonly #deleted = new Set<string>()
  readonly #ended = new EndedPartitions()

  constructor(growth: Growth, { followed, unread, begin }: FirstLook) {
    this.#growth = growth
    this.#begin = begin
    for (const { partition } of followed) this.#known.add(keyOf(partition))
    for (const each of unread) this.#unread.add(keyOf(each))
  }

  /** Whether some may come though nothing is followed at the moment. */
  get isAwaited(): boolean {
    return this.#growth.isOpen || this.#deleted.size > 0
  }

  /** A batch of it: what goes wrong next is news. */
  cameOf(partition: ReadablePartition): void {
    this.#ended.forget(partition)
  }

  /** Whether its reader has not been told that already. */
  isNews(partition: ReadablePartition, error: KtoolError): boolean {
    return this.#ended.isNews(partition, error.message)
  }

  /** It cannot go on, and is looked for again. */
  ended(partition: ReadablePartition, next: number | bigint, error: KtoolError): void {
    this.#known.delete(keyOf(partition))
    this.#unread.delete(keyOf(partition))
    if (error.code === TOPIC_DELETED) this.#deleted.add(partition.topic)
    this.#ended.add(partition, next, error)
  }

  /** Those that were not there before, or could not be read, or ended, whenever there are some. */
  async *found(): AsyncGenerator<readonly FollowedFrom[], void, undefined> {
    for (;;) {
      await this.#growth.pause()
      const found = await this.#look()
      for (const { partition } of found) {
        this.#known.add(keyOf(partition))
        this.#unread.delete(keyOf(partition))
      }
      if (found.length > 0) yield found
      // They are followed by now: until then they were awaited.
      for (const { partition } of found) this.#deleted.delete(partition.topic)
    }
  }

  /** What cannot be read now may be at the next look; that it is not there, its reader was told already. */
  async #look(): Promise<readonly FollowedFrom[]> {
    const { later, isOpen, wantedOf } = this.#growth
    try {
      const found: FollowedFrom[] = []
      for (const wanted of wantedOf(isOpen ? await later.names() : []))
        found.push(...(await this.#newOf(wanted)))
      return found
    } catch (error) {
      if (error instanceof KtoolError) return []
      throw error
    }
  }

  async #newOf({ topic, ranges }: TopicPartitions): Promise<readonly FollowedFrom[]> {
    const { later, isolation } = this.#growth
    const there: number[] = []
    try {
      const opened = await later.open(topic, isolation, (partition) => {
        there.push(partition)
        const isWanted = ranges === undefined || includesPartition(ranges, partition)
        return isWanted && !this.#known.has(keyOf({ topic, partition }))
      })
      this.#learn(topic, there)
      const begun = await Promise.all(foundIn(opened).map((partition) => this.#begun(partition)))
      return begun.filter((each) => each !== undefined)
    } catch (error) {
      if (error instanceof KtoolError) return []
      throw error
    }
  }

  /** Of a topic of which nothing was known, all that is there now was there at first, as far as anybody can tell. */
  #learn(topic: string, there: readonly number[]): void {
    if (!this.#unread.delete(keyOf({ topic, partition: null }))) return
    for (const partition of there) this.#unread.add(keyOf({ topic, partition }))
  }

  /** Whatever is in a new one was written since we follow. */
  async #begun(partition: ReadablePartition): Promise<FollowedFrom | undefined> {
    const resumed = this.#ended.resume(partition)
    if (resumed !== undefined) {
      if (resumed.note !== null) await this.#growth.say(resumed.note)
      return { partition, from: resumed.from }
    }
    if (!this.#unread.has(keyOf(partition))) return { partition, from: partition.logStart }
    try {
      return await this.#begin(partition)
    } catch (error) {
      if (error instanceof KtoolError) return undefined
      throw error
    }
  }
}

function keyOf({ topic, partition }: Unopened): string {
  return `${topic}:${partition}`
}
