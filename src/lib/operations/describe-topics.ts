import { FailedError, type KtoolError } from '../errors.ts'
import type { Partition, Topic, TopicsView } from '../model/topics.ts'
import { formatPartitions, includesPartition, parseTopicPartitions } from '../values/partitions.ts'
import { assignmentNotes } from './topic-remarks.ts'

/** A partition with what is to be known of its topic. */
export interface PartitionRow
  extends Partition,
    Pick<Topic, 'topic' | 'topicId' | 'isInternal' | 'configs'> {}

export interface DescribedTopics {
  readonly rows: readonly PartitionRow[]
  readonly failures: readonly { readonly item: string; readonly error: KtoolError }[]
  /** For people: what was set of each topic, and what is not known of any. */
  readonly notes: readonly string[]
}

/** Partitions of the topics that are named (`orders`, `orders:0,2-5`), or of all. */
export async function describeTopics(
  view: TopicsView,
  names: readonly string[] | undefined,
): Promise<DescribedTopics> {
  const wanted = (names ?? (await view.list()).map(({ topic }) => topic)).map((item) => ({
    item,
    ...parseTopicPartitions(item),
  }))
  const outcomes = await view.describe(wanted.map(({ topic }) => topic))
  const rows: PartitionRow[] = []
  const failures: { item: string; error: KtoolError }[] = []
  const notes: string[] = []
  for (const [i, { outcome }] of outcomes.entries()) {
    const { item = '', ranges } = wanted[i] ?? {}
    if (outcome instanceof Error) {
      failures.push({ item, error: outcome })
      continue
    }
    const named = rowsOf(outcome).filter(
      ({ partition }) => ranges === undefined || includesPartition(ranges, partition),
    )
    if (named.length === 0 && ranges !== undefined)
      failures.push({ item, error: noPartition(outcome, formatPartitions(ranges)) })
    rows.push(...named)
    if (named.length > 0) notes.push(...configsSet(outcome))
  }
  return { rows, failures, notes: [...new Set(notes), ...assignmentNotes(rows)] }
}

function rowsOf({ topic, topicId, isInternal, configs, partitions }: Topic): PartitionRow[] {
  return partitions.map((partition) => ({ topic, topicId, isInternal, configs, ...partition }))
}

function configsSet({ topic, configs }: Topic): string[] {
  const set = Object.entries(configs ?? {}).map(([name, value]) => `${name}=${value}`)
  return set.length === 0 ? [] : [`set of ${topic}: ${set.join(', ')}`]
}

function noPartition({ topic, partitions }: Topic, wanted: string): FailedError {
  return new FailedError('partition-not-found', `${topic} has no partition ${wanted}`, {
    hint: `it has ${partitions.length}, from ${partitions[0]?.partition} to ${partitions.at(-1)?.partition}`,
  })
}
