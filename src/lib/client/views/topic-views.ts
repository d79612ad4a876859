import { KtoolError } from '../../errors.ts'
import { type Figure, unknown } from '../../model/figure.ts'
import type { OffsetsView } from '../../model/offsets.ts'
import { isInternalTopic, type TopicDetail, type TopicListing, type TopicsView } from '../../model/topics.ts'
import type { Cluster } from '../cluster.ts'
import { knownId } from '../known-id.ts'
import { exact } from '../live-figures.ts'
import { type TopicMetadata, topicMetadata } from '../routing/topic-metadata.ts'
import { describeTopics } from '../topics/describe-topics.ts'
import { askLogDirs, copiesIn, type LiveCopies } from '../topics/log-dirs.ts'

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

/** The sizes of what is there, and which brokers do not tell of theirs. */
interface Sizes {
  readonly byTopic: ReadonlyMap<string, number>
  readonly silent: LiveCopies['silent']
}

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
    sizeBytes: sizes === null ? unknown('not asked for; --size asks') : sizeOf(name ?? '', partitions, sizes),
  }
}

/** Copies on brokers that are not there, or do not tell, take room all the same. */
function sizeOf(topic: string, partitions: TopicMetadata['partitions'], { byTopic, silent }: Sizes): Figure {
  const holders = new Set(partitions.flatMap(({ replicaNodes }) => replicaNodes))
  const offline = new Set(partitions.flatMap(({ offlineReplicas }) => offlineReplicas))
  const missing = [...silent].filter(([id]) => holders.has(id)).map(([id, error]) => silence(id, error))
  const ids = [...offline].sort((a, b) => a - b).join(', ')
  if (ids !== '') missing.push(`what is offline on ${offline.size === 1 ? 'broker' : 'brokers'} ${ids}`)
  const value = byTopic.get(topic)
  if (missing.length === 0) return exact(value ?? 0)
  const reason = `without ${missing.join('; without ')}`
  return value === undefined ? unknown(reason) : { value, from: 'broker', bound: 'atLeast', reason }
}

function silence(id: number, { message }: KtoolError): string {
  return message.startsWith(`broker ${id} `) ? message : `broker ${id}: ${message}`
}

function sizesOf({ copies, silent }: LiveCopies): Sizes {
  const byTopic = new Map<string, number>()
  for (const { topic, isFuture, sizeBytes } of copies) {
    if (!isFuture) byTopic.set(topic, (byTopic.get(topic) ?? 0) + sizeBytes)
  }
  return { byTopic, silent }
}
