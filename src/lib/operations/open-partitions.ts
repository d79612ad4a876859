import { KtoolError } from '../errors.ts'
import { isNotFound, noSuchPartition } from '../model/not-found.ts'
import type { Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { Isolation, ReadablePartition, RecordsView } from '../model/records.ts'
import {
  includesPartition,
  parsePartitions,
  parseTopicPartitions,
  type TopicPartitions,
} from '../values/partitions.ts'

export interface ReadFailure {
  readonly item: string
  readonly error: KtoolError
}

/** There, but it could not be opened; where the partition is null, that is so of the whole topic. */
export interface Unopened {
  readonly topic: string
  readonly partition: number | null
}

export interface OpenedPartitions {
  readonly partitions: readonly ReadablePartition[]
  readonly failures: readonly ReadFailure[]
  readonly unopened: readonly Unopened[]
  /** What is to be said of their ends. */
  readonly notes: readonly string[]
}

/** `orders orders:0,2-5`, and the partitions that are meant where a topic stands alone. */
export function partitionsNamed(
  topics: readonly string[],
  partitions: string | undefined,
): TopicPartitions[] {
  const ranges = partitions === undefined ? {} : { ranges: parsePartitions(partitions) }
  return topics.map((text) => ({ ...ranges, ...parseTopicPartitions(text) }))
}

/** The partitions that were named, by topic and number. What was named and is not there is a failure. */
export async function openPartitions(
  view: RecordsView,
  wanted: readonly TopicPartitions[],
  isolation: Isolation,
): Promise<OpenedPartitions> {
  const partitions: ReadablePartition[] = []
  const failures: ReadFailure[] = []
  const unopened: Unopened[] = []
  for (const topic of wanted) {
    for (const { item, outcome } of await openTopic(view, topic, isolation)) {
      if (!(outcome instanceof KtoolError)) {
        partitions.push(outcome)
        continue
      }
      failures.push({ item, error: outcome })
      if (!isNotFound(outcome))
        unopened.push({ topic: topic.topic, partition: item === topic.topic ? null : numberIn(item) })
    }
  }
  return { partitions, failures, unopened, notes: partitions.flatMap(({ note }) => note ?? []) }
}

async function openTopic(
  view: RecordsView,
  { topic, ranges }: TopicPartitions,
  isolation: Isolation,
): Promise<readonly Outcome<ReadablePartition>[]> {
  try {
    if (ranges === undefined) return await view.open(topic, isolation)
    const found = await view.open(topic, isolation, (partition) => includesPartition(ranges, partition))
    const there = new Set(found.map(({ item }) => numberIn(item)))
    // Of a range such as 8- only what is there is meant.
    const named = ranges.filter(({ first, last }) => last - first < MOST_NAMED)
    const missing = named
      .flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      .filter((partition) => !there.has(partition))
    return [
      ...found,
      ...missing.map((partition) => ({
        item: partitionName({ topic, partition }),
        outcome: noSuchPartition({ topic, partition }),
      })),
    ]
  } catch (error) {
    if (error instanceof KtoolError) return [{ item: topic, outcome: error }]
    throw error
  }
}

const MOST_NAMED = 10_000

/** Of `orders:0`. */
function numberIn(item: string): number {
  return Number(item.slice(item.lastIndexOf(':') + 1))
}
