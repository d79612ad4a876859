import { KtoolError } from '../../errors.ts'
import { type Figure, isKnown } from '../../model/figure.ts'
import type { OffsetsView } from '../../model/offsets.ts'
import { isInternalTopic, type TopicDetail, type TopicListing, type TopicsView } from '../../model/topics.ts'
import type { Cluster } from '../cluster.ts'
import { knownId } from '../known-id.ts'
import { type TopicMetadata, topicMetadata } from '../routing/topic-metadata.ts'
import { describeTopics } from '../topics/describe-topics.ts'
import { askLogDirs, copiesIn, type LiveCopies } from '../topics/log-dirs.ts'
import { exact, unknown } from './live-figures.ts'

/** Sizes are asked of every broker. */
const detailAtFirst: TopicDetail = { elr: true, configs: 'all', offsets: true, sizes: false }

/** Topics as the brokers of a live cluster know them. */
export function liveTopics(cluster: Cluster, offsets: Pick<OffsetsView, 'offsets'>): TopicsView {
  return {
    list: async (wish) => {
      const [known, sizes] = await Promise.all([
        topicMetadata(cluster, undefined),
        wish?.sizes === true ? askLogDirs(cluster, null).then((found) => sizesOf(copiesIn(found))) : null,
      ])
      return [...known.values()]
        .flatMap((topic) => (topic instanceof KtoolError ? [] : [listing(topic, sizes)]))
        .sort((a, b) => (a.topic < b.topic ? -1 : 1))
    },
    describe: (topics, detail = detailAtFirst) => describeTopics(cluster, offsets, topics, detail),
  }
}

type Sizes = (topic: string) => Figure

function listing(
  { name, topicId, isInternal, partitions }: TopicMetadata,
  sizes: Sizes | null,
): TopicListing {
  return {
    topic: name ?? '',
    topicId: knownId(topicId),
    isInternal: isInternal || isInternalTopic(name ?? ''),
    partitionCount: exact(partitions.length),
    replicationFactor: exact(partitions[0]?.replicaNodes.length ?? 0),
    sizeBytes: sizes === null ? unknown('not asked for; --size asks') : sizeOf(sizes(name ?? ''), partitions),
  }
}

/** Copies on brokers that are not there take room all the same. */
function sizeOf(size: Figure, partitions: TopicMetadata['partitions']): Figure {
  const offline = new Set(partitions.flatMap(({ offlineReplicas }) => offlineReplicas))
  if (offline.size === 0 || !isKnown(size)) return size
  const others = `without what is offline on brokers ${[...offline].sort((a, b) => a - b).join(', ')}`
  return {
    ...size,
    bound: 'atLeast',
    reason: size.reason === undefined ? others : `${size.reason}; ${others}`,
  }
}

/** A broker that does not tell has copies that nobody counts. */
function sizesOf({ copies, silent }: LiveCopies): Sizes {
  const sums = new Map<string, number>()
  for (const { topic, isFuture, sizeBytes } of copies) {
    if (!isFuture) sums.set(topic, (sums.get(topic) ?? 0) + sizeBytes)
  }
  const without = [...silent].map(([id, error]) => `broker ${id}: ${error.message}`).join('; ')
  if (without === '') return (topic) => exact(sums.get(topic) ?? 0)
  return (topic) => {
    const value = sums.get(topic)
    return value === undefined
      ? unknown(without)
      : { value, from: 'broker', bound: 'atLeast', reason: `without ${without}` }
  }
}
