import { formatPartitions, parsePartitions } from '../../values/partitions.ts'
import type { ChosenPartition } from '../cluster/log-directories.ts'

/** Copies that were read though those of their leaders are known to lie elsewhere. */
export class BorrowedCopies {
  readonly #byTopic = new Map<string, Map<number, string | null>>()

  add({ topic, partition, choice, isBest }: ChosenPartition): void {
    if (isBest) return
    const ofTopic = this.#byTopic.get(topic) ?? new Map<number, string | null>()
    this.#byTopic.set(topic, ofTopic.set(partition, choice))
  }

  /** For people, a sentence a topic. */
  notes(): string[] {
    return [...this.#byTopic].map(([topic, choices]) => {
      const [first] = choices
      if (choices.size === 1) return `${topic}-${first?.[0]} is read as it is here: ${first?.[1]}`
      const partitions = formatPartitions(parsePartitions([...choices.keys()].join(',')))
      return `${topic}:${partitions} are read as they are here: the copies of their leaders are not`
    })
  }
}
