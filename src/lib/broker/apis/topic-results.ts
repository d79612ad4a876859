import { type ErrorName, errorCodes } from '../../protocol/error-codes.ts'

export interface TopicName {
  readonly name: string
  /** Left out where the request goes by names. */
  readonly topicId?: string
}

interface PartitionResult {
  readonly partitionIndex: number
  readonly errorCode: number
}

/**
 * What became of each partition, by topic. As with Kafka, those that were refused at the door stand before those
 * that the coordinator answered for.
 */
export class TopicResults {
  readonly #topics = new Map<string, { readonly topic: TopicName; readonly partitions: PartitionResult[] }>()

  add(topic: TopicName, partitionIndex: number, error: ErrorName): void {
    const key = topic.topicId ?? topic.name
    const known = this.#topics.get(key) ?? { topic, partitions: [] }
    this.#topics.set(key, known)
    known.partitions.push({ partitionIndex, errorCode: errorCodes[error] })
  }

  topics() {
    return [...this.#topics.values()].map(({ topic, partitions }) => ({ ...topic, partitions }))
  }
}
