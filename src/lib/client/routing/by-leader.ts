import { BrokerError, KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { noSuchPartition } from '../../model/not-found.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askRouted, gather, type Routes } from './ask-routed.ts'
import type { Refusal } from './refusal.ts'
import { type TopicMetadata, topicMetadata } from './topic-metadata.ts'

/** Asks the leaders of partitions, each once for all of its own. */
export function askLeaders<At extends TopicPartition, Answer>(
  cluster: Cluster,
  partitions: readonly At[],
  ask: (connection: Connection, own: readonly At[]) => Promise<ReadonlyMap<string, Answer | Refusal>>,
): Promise<Map<string, Answer | KtoolError>> {
  return askRouted(cluster, partitions, {
    keyOf: partitionName,
    route: (items) => routeToLeaders(cluster, items),
    ask,
  })
}

async function routeToLeaders<At extends TopicPartition>(
  cluster: Cluster,
  items: readonly At[],
): Promise<Routes<At>> {
  const topics = await topicMetadata(
    cluster,
    items.map(({ topic }) => topic),
  )
  const leaders = new Map([...topics].map(([name, topic]) => [name, leadersOf(topic)] as const))
  const byBroker = new Map<number, At[]>()
  const lost = new Map<string, KtoolError>()
  for (const item of items) {
    const leader = leaderOf(leaders.get(item.topic), item)
    if (leader instanceof KtoolError) lost.set(partitionName(item), leader)
    else gather(byBroker, leader, item)
  }
  return { byBroker, lost }
}

type Leaders = ReadonlyMap<number, TopicMetadata['partitions'][number]>

function leadersOf(topic: TopicMetadata | KtoolError): Leaders | KtoolError {
  if (topic instanceof KtoolError) return topic
  return new Map(topic.partitions.map((partition) => [partition.partitionIndex, partition]))
}

function leaderOf(topic: Leaders | KtoolError | undefined, at: TopicPartition): number | KtoolError {
  if (topic instanceof KtoolError) return topic
  const partition = topic?.get(at.partition)
  if (partition === undefined) return noSuchPartition(at)
  return partition.leaderId >= 0 ? partition.leaderId : leaderless(at, partition.replicaNodes)
}

function leaderless({ topic, partition }: TopicPartition, replicas: readonly number[]): BrokerError {
  return new BrokerError('leader-not-available', `${topic}:${partition} has no leader`, {
    hint: `its replicas are on ${replicas.length === 1 ? 'broker' : 'the brokers'} ${replicas.join(', ')}: start one that was in sync`,
    details: { topic, partition, replicas },
  })
}
