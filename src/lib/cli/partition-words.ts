import type { TopicPartition } from '../model/groups.ts'
import { includesPartition, parseTopicPartitions } from '../values/partitions.ts'

/** What `orders payments:0,2-5` picks: everything where nothing was typed. */
export class PickedPartitions {
  readonly #picks: readonly ReturnType<typeof parseTopicPartitions>[]

  constructor(words: readonly string[]) {
    this.#picks = words.map(parseTopicPartitions)
  }

  get isEverything(): boolean {
    return this.#picks.length === 0
  }

  /** Nothing where every topic is meant. */
  get topics(): readonly string[] | undefined {
    return this.isEverything ? undefined : [...new Set(this.#picks.map(({ topic }) => topic))]
  }

  has({ topic, partition }: TopicPartition): boolean {
    if (this.isEverything) return true
    return this.#picks.some(
      (pick) =>
        pick.topic === topic && (pick.ranges === undefined || includesPartition(pick.ranges, partition)),
    )
  }
}
