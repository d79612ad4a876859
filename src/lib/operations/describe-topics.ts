import { FailedError, type KtoolError } from '../errors.ts'
import { isKnown } from '../model/figure.ts'
import type { ItemFailure } from '../model/outcome.ts'
import type { Partition, Topic, TopicDetail, TopicsView } from '../model/topics.ts'
import {
  formatPartitions,
  includesPartition,
  parseTopicPartitions,
  type TopicPartitions,
} from '../values/partitions.ts'
import { type Ailment, ailmentsOf } from './partition-health.ts'
import { assignmentNotes } from './topic-remarks.ts'

/** A partition with what is to be known of its topic. */
export interface PartitionRow
  extends Partition,
    Pick<Topic, 'topic' | 'topicId' | 'isInternal' | 'configs' | 'minIsr'> {
  readonly ailments: readonly Ailment[]
}

export interface DescribedTopics {
  readonly rows: readonly PartitionRow[]
  readonly failures: readonly ItemFailure[]
  /** For people: what was set of each topic, and what is not known of any. */
  readonly notes: readonly string[]
}

export interface TopicsWanted {
  /** `orders`, `orders:0,2-5`; nothing means all. */
  readonly names?: readonly string[] | undefined
  /** Partitions with one of these alone. */
  readonly ailments?: readonly Ailment[]
  /** Topics alone of which something was set. */
  readonly withOverrides?: boolean
  readonly sizes?: boolean
}

/** Partitions of the topics that are named, or of all. */
export async function describeTopics(view: TopicsView, wanted: TopicsWanted): Promise<DescribedTopics> {
  const { names } = wanted
  const items = (names ?? (await view.list()).map(({ topic }) => topic)).map((item) => ({
    item,
    ...parseTopicPartitions(item),
  }))
  const { chosen, doubts } = await withoutTheWell(view, items, wanted)
  const detail: TopicDetail = { elr: true, configs: 'all', offsets: true, sizes: wanted.sizes === true }
  const outcomes = await view.describe(
    chosen.map(({ topic }) => topic),
    detail,
  )
  const rows: PartitionRow[] = []
  const failures: { item: string; error: KtoolError }[] = []
  const notes: string[] = []
  for (const [i, { outcome }] of outcomes.entries()) {
    const { item = '', ranges } = chosen[i] ?? {}
    if (outcome instanceof Error) {
      // Nobody named it, and it was deleted between two questions.
      if (names !== undefined || outcome.code !== 'topic-not-found') failures.push({ item, error: outcome })
      continue
    }
    const named = rowsOf(outcome).filter(
      ({ partition }) => ranges === undefined || includesPartition(ranges, partition),
    )
    if (named.length === 0 && ranges !== undefined)
      failures.push({ item, error: noPartition(outcome, formatPartitions(ranges)) })
    const left = named.filter((row) => isWanted(row, wanted))
    rows.push(...left)
    if (left.length > 0) notes.push(...configsSet(outcome))
  }
  return {
    rows,
    failures,
    notes: [...new Set(notes), ...doubts, ...assignmentNotes(rows)],
  }
}

interface WantedTopic extends TopicPartitions {
  readonly item: string
}

/** Among many topics few are sick: what is costly is asked of those. */
async function withoutTheWell(
  view: TopicsView,
  items: readonly WantedTopic[],
  wanted: TopicsWanted,
): Promise<{ readonly chosen: readonly WantedTopic[]; readonly doubts: readonly string[] }> {
  const { ailments = [], withOverrides = false } = wanted
  if (ailments.length === 0 && !withOverrides) return { chosen: items, doubts: [] }
  const needsMinIsr = ailments.some((each) => each === 'underMinIsr' || each === 'atMinIsr')
  const outcomes = await view.describe(
    items.map(({ topic }) => topic),
    {
      elr: false,
      configs: withOverrides ? 'all' : needsMinIsr ? 'minIsr' : 'none',
      offsets: false,
      sizes: false,
    },
  )
  const chosen = items.filter((_, i) => {
    const { outcome } = outcomes[i] ?? {}
    if (outcome === undefined || outcome instanceof Error) return true
    // A partition that was named and is not there has to be told of.
    return items[i]?.ranges !== undefined || rowsOf(outcome).some((row) => isWanted(row, wanted))
  })
  const topics = outcomes.flatMap(({ outcome }) => (outcome instanceof Error ? [] : [outcome]))
  return { chosen, doubts: needsMinIsr ? doubtsOf(topics) : [] }
}

function isWanted({ ailments, configs }: PartitionRow, wanted: TopicsWanted): boolean {
  if (wanted.withOverrides === true && Object.keys(configs ?? {}).length === 0) return false
  const asked = wanted.ailments ?? []
  return asked.length === 0 || ailments.some((each) => asked.includes(each))
}

/** What a filter could not tell, and so let go. */
function doubtsOf(topics: readonly Topic[]): string[] {
  const reasons = topics.flatMap(({ minIsr }) => (isKnown(minIsr) ? [] : [minIsr.reason]))
  return [...new Set(reasons)].map(
    (reason) => `not every topic could be held against its min.insync.replicas: ${reason}`,
  )
}

function rowsOf({ topic, topicId, isInternal, configs, minIsr, partitions }: Topic): PartitionRow[] {
  return partitions.map((partition) => ({
    topic,
    topicId,
    isInternal,
    configs,
    minIsr,
    ailments: [...ailmentsOf(partition, minIsr)],
    ...partition,
  }))
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
