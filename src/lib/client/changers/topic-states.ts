import { KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { TopicState } from '../../model/topics-changer.ts'
import type { Cluster } from '../cluster.ts'
import { askConfigs, type DescribedConfigs, resourceTypes } from '../configs/describe-configs.ts'
import { knownId } from '../known-id.ts'
import { type TopicMetadata, topicMetadata } from '../routing/topic-metadata.ts'

/** Where Kafka says that a config was set of the topic itself. */
const TOPIC_CONFIG = 1

/** What topics are: for a plan to begin with, and to be held against afterwards. */
export async function topicStates(
  cluster: Cluster,
  topics: readonly string[],
): Promise<Outcome<TopicState | null>[]> {
  const known = await topicMetadata(cluster, topics)
  const there = topics.filter((topic) => known.has(topic) && !(known.get(topic) instanceof KtoolError))
  const configs = await askConfigs(cluster, { type: resourceTypes.topic, names: there })
  return topics.map((item) => ({ item, outcome: stateOf(known.get(item), configs.get(item)) }))
}

function stateOf(
  topic: TopicMetadata | KtoolError | undefined,
  configs: ReturnType<DescribedConfigs['get']>,
): TopicState | KtoolError | null {
  if (topic === undefined) return null
  if (topic instanceof KtoolError) return topic.code === 'unknown-topic-or-partition' ? null : topic
  const partitions = [...topic.partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return {
    topicId: knownId(topic.topicId),
    assignment: partitions.map(({ replicaNodes }) => replicaNodes),
    configs: configsOf(configs),
  }
}

function configsOf(configs: ReturnType<DescribedConfigs['get']>): Readonly<Record<string, string>> | null {
  if (configs === undefined || configs instanceof KtoolError) return null
  const set = configs.filter(({ configSource }) => configSource === TOPIC_CONFIG)
  return Object.fromEntries(set.map(({ name, value }) => [name, value ?? '']))
}
