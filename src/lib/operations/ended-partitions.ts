import type { KtoolError } from '../errors.ts'
import { partitionName } from '../model/partitions.ts'
import { type ReadablePartition, TOPIC_DELETED } from '../model/records.ts'

interface Ended {
  readonly topicId: string | null
  /** The first offset that nobody was given. */
  readonly next: number | bigint
  readonly error: KtoolError
}

export interface Resumed {
  readonly from: number | bigint
  /** Nothing where it would be said again and again. */
  readonly note: string | null
}

/** Partitions that were followed until an error ended that, and where each goes on. */
export class EndedPartitions {
  readonly #ended = new Map<string, Ended>()
  /** What was said of those of which no record has come since. */
  readonly #said = new Map<string, Set<string>>()

  add(partition: ReadablePartition, next: number | bigint, error: KtoolError): void {
    this.#ended.set(partitionName(partition), { topicId: partition.topicId ?? null, next, error })
  }

  /** What fails again in the same way, with no record between, is no news. */
  isNews(partition: ReadablePartition, sentence: string): boolean {
    const name = partitionName(partition)
    const said = this.#said.get(name) ?? new Set()
    this.#said.set(name, said)
    const isNews = !said.has(sentence)
    said.add(sentence)
    return isNews
  }

  /** Records came of it, and everything that goes wrong with it is news again. */
  forget(partition: ReadablePartition): void {
    this.#said.delete(partitionName(partition))
  }

  /** Where one that is there again goes on; nothing for one that had not ended. */
  resume(partition: ReadablePartition): Resumed | undefined {
    const ended = this.#ended.get(partitionName(partition))
    if (ended === undefined) return undefined
    this.#ended.delete(partitionName(partition))
    const isOther = isAnother(partition, ended)
    if (isOther) this.forget(partition)
    const from = isOther ? partition.logStart : ended.next
    const note = `${partitionName(partition)} is followed again, from offset ${from} on`
    return { from, note: this.isNews(partition, note) ? note : null }
  }
}

/** What has its name may be another topic; where nobody knows which, one that was deleted is another. */
function isAnother({ topicId }: ReadablePartition, { topicId: before, error }: Ended): boolean {
  const isKnown = before !== null && topicId !== null && topicId !== undefined
  return isKnown ? topicId !== before : error.code === TOPIC_DELETED
}
