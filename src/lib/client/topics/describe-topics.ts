import { KtoolError } from '../../errors.ts'
import { type Figure, unknown } from '../../model/figure.ts'
import { noSuchTopic } from '../../model/not-found.ts'
import type { OffsetsView, PartitionOffsets } from '../../model/offsets.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { isInternalTopic, type Topic, type TopicDetail } from '../../model/topics.ts'
import type { Cluster } from '../cluster.ts'
import {
  askConfigs,
  type DescribedConfig,
  type DescribedConfigs,
  resourceTypes,
} from '../configs/describe-configs.ts'
import { knownId } from '../known-id.ts'
import { exact } from '../live-figures.ts'
import { type KnownTopic, knownTopics } from './known-topics.ts'
import { livePartition } from './live-partition.ts'
import { askLogDirs, copiesIn, type LiveCopies, type LiveCopy } from './log-dirs.ts'
import { ofTopic } from './of-topic.ts'
import { askReassigning, type Reassigning } from './reassigning.ts'

export const MIN_ISR = 'min.insync.replicas'
/** The wire's number of a config that was set of the topic itself. */
const SET_OF_TOPIC = 1

/** All that was asked of some topics, to be put together. */
interface Answers {
  readonly live: ReadonlySet<number>
  readonly configs: DescribedConfigs | null
  readonly offsets: ReadonlyMap<string, PartitionOffsets> | null
  readonly copies: ReadonlyMap<string, readonly LiveCopy[]>
  readonly silent: LiveCopies['silent'] | null
  readonly reassigning: ReadonlyMap<string, Reassigning> | KtoolError
}

export async function describeTopics(
  cluster: Cluster,
  view: Pick<OffsetsView, 'offsets'>,
  names: readonly string[],
  detail: TopicDetail,
): Promise<Outcome<Topic>[]> {
  const known = await knownTopics(cluster, names, detail.elr)
  const there = [...known.values()].flatMap((topic) => (topic instanceof KtoolError ? [] : [topic]))
  const answers = await askAll(cluster, view, there, detail)
  return names.map((item) => {
    const topic = known.get(item) ?? noSuchTopic(item)
    return { item, outcome: topic instanceof KtoolError ? ofTopic(item, topic) : described(topic, answers) }
  })
}

async function askAll(
  cluster: Cluster,
  view: Pick<OffsetsView, 'offsets'>,
  topics: readonly KnownTopic[],
  detail: TopicDetail,
): Promise<Answers> {
  const named = topics.map(({ name, partitions }) => ({
    topic: name ?? '',
    partitions: partitions.map(({ partitionIndex }) => partitionIndex),
  }))
  const each = named.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
  const [{ brokers }, configs, offsets, found, reassigning] = await Promise.all([
    cluster.nodes(),
    askTopicConfigs(cluster, named, detail),
    detail.offsets && each.length > 0 ? view.offsets(each) : null,
    detail.sizes && each.length > 0 ? askLogDirs(cluster, named).then(copiesIn) : null,
    askReassigning(cluster),
  ])
  return {
    live: new Set(brokers.map(({ id }) => id)),
    configs,
    offsets: offsets && new Map(offsets.map((offset) => [partitionName(offset), offset])),
    copies: byPartition(found?.copies ?? []),
    silent: found?.silent ?? null,
    reassigning,
  }
}

function askTopicConfigs(
  cluster: Cluster,
  named: readonly { readonly topic: string }[],
  { configs }: TopicDetail,
): Promise<DescribedConfigs> | null {
  if (configs === 'none') return null
  const names = named.map(({ topic }) => topic)
  const keys = configs === 'minIsr' ? { keys: [MIN_ISR] } : {}
  return askConfigs(cluster, { type: resourceTypes.topic, names, ...keys })
}

export function byPartition(copies: readonly LiveCopy[]): ReadonlyMap<string, readonly LiveCopy[]> {
  const found = new Map<string, LiveCopy[]>()
  for (const copy of copies) {
    const key = partitionName(copy)
    const others = found.get(key)
    if (others === undefined) found.set(key, [copy])
    else others.push(copy)
  }
  return found
}

function described({ name, topicId, isInternal, partitions }: KnownTopic, answers: Answers): Topic {
  const topic = name ?? ''
  const configs = answers.configs?.get(topic)
  const { reassigning } = answers
  return {
    topic,
    topicId: knownId(topicId),
    isInternal: isInternal || isInternalTopic(topic),
    configs: configs === undefined || configs instanceof KtoolError ? null : setOf(configs),
    minIsr: minIsr(configs),
    partitions: [...partitions]
      .sort((a, b) => a.partitionIndex - b.partitionIndex)
      .map((known) => {
        const key = partitionName({ topic, partition: known.partitionIndex })
        return livePartition({
          known,
          isLeaderThere: answers.live.has(known.leaderId),
          offsets: answers.offsets?.get(key) ?? null,
          copies: answers.copies.get(key) ?? [],
          silent: answers.silent,
          reassigning: reassigning instanceof KtoolError ? reassigning : reassigning.get(key),
        })
      }),
  }
}

function setOf(configs: readonly DescribedConfig[]): Record<string, string> {
  const own = configs.filter(({ configSource }) => configSource === SET_OF_TOPIC)
  return Object.fromEntries(own.map(({ name, value }) => [name, value ?? ''] as const).sort(byName))
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

function minIsr(configs: readonly DescribedConfig[] | KtoolError | undefined): Figure {
  if (configs === undefined) return unknown('not asked for')
  if (configs instanceof KtoolError) return unknown(configs.message)
  const value = configs.find(({ name }) => name === MIN_ISR)?.value
  return value === undefined || value === null ? unknown('the broker does not tell') : exact(Number(value))
}
