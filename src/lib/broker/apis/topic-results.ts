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

type TopicResult = TopicName & { readonly partitions: PartitionResult[] }

export interface AskedPartitions {
  readonly topic: TopicName
  readonly partitions: readonly number[]
}

/**
 * What became of each partition, by topic. As with Kafka, those that were refused at the door stand before those
 * that the coordinator answered for, and a topic that is named twice is answered twice where none was refused.
 */
export class TopicResults {
  readonly #refused = new Map<string, TopicResult>()
  readonly #answered: TopicResult[] = []

  refuse(topic: TopicName, partitions: readonly number[], error: ErrorName): void {
    const errors = partitions.map(() => error)
    merge(this.#refused, resultOf(topic, partitions, errors))
  }

  /** The errors are those of all the partitions, one after the other. */
  answer(topics: readonly AskedPartitions[], errors: readonly ErrorName[]): void {
    let answered = 0
    for (const { topic, partitions } of topics) {
      const end = answered + partitions.length
      if (partitions.length > 0) {
        this.#answered.push(resultOf(topic, partitions, errors.slice(answered, end)))
      }
      answered = end
    }
  }

  topics(): TopicResult[] {
    if (this.#refused.size === 0) return this.#answered
    const all = new Map(this.#refused)
    for (const result of this.#answered) merge(all, result)
    return [...all.values()]
  }
}

function resultOf(
  topic: TopicName,
  partitions: readonly number[],
  errors: readonly ErrorName[],
): TopicResult {
  const results = partitions.map((partitionIndex, i) => ({
    partitionIndex,
    errorCode: errorCodes[errors[i] ?? 'UNKNOWN_SERVER_ERROR'],
  }))
  return { ...topic, partitions: results }
}

function merge(all: Map<string, TopicResult>, result: TopicResult): void {
  const key = result.topicId ?? result.name
  const partitions = [...(all.get(key)?.partitions ?? []), ...result.partitions]
  all.set(key, { ...result, partitions })
}
