import { coordinatorPartition } from '../../bytes/java-hash.ts'
import { BrokerError, KtoolError } from '../../errors.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Cluster } from '../cluster.ts'
import { type Coordinated, coordinatorTopics } from './coordinated.ts'
import { topicMetadata } from './topic-metadata.ts'

/** Of these keys those that nobody coordinates, since nobody leads the partition that they are kept in. */
export async function withoutCoordinator(
  cluster: Cluster,
  kind: Coordinated,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KtoolError>> {
  if (keys.length === 0) return new Map()
  const { topic, leaderless, count } = await coordinatorsOf(cluster, kind)
  const lost = keys.flatMap((key) => {
    const partition = coordinatorPartition(key, count)
    const replicas = leaderless.get(partition)
    if (replicas === undefined) return []
    const message = `its coordinator would be the leader of ${topic}:${partition}, which has none`
    return [[key, noCoordinator(message, { topic, partition, replicas })] as const]
  })
  return new Map(lost)
}

/** Partitions of the coordinators' topic without a leader: what is kept in them nobody lists. */
export async function unledCoordinators(
  cluster: Cluster,
  kind: Coordinated,
  what: string,
): Promise<{ readonly item: string; readonly outcome: KtoolError }[]> {
  const { topic, leaderless } = await coordinatorsOf(cluster, kind)
  return [...leaderless].map(([partition, replicas]) => ({
    item: partitionName({ topic, partition }),
    outcome: noCoordinator(`nobody tells of ${what} in ${topic}:${partition}, which has no leader`, {
      topic,
      partition,
      replicas,
    }),
  }))
}

interface Coordinators {
  readonly topic: string
  readonly count: number
  /** The replicas of each partition that has no leader. */
  readonly leaderless: ReadonlyMap<number, readonly number[]>
}

/** Where the topic is not there yet, or is not for us to see, nothing is known to be missing. */
async function coordinatorsOf(cluster: Cluster, kind: Coordinated): Promise<Coordinators> {
  const topic = coordinatorTopics[kind]
  const found = (await topicMetadata(cluster, [topic])).get(topic)
  if (found === undefined || found instanceof KtoolError) return { topic, count: 1, leaderless: new Map() }
  const unled = found.partitions.filter(({ leaderId }) => leaderId < 0)
  return {
    topic,
    count: found.partitions.length,
    leaderless: new Map(unled.map(({ partitionIndex, replicaNodes }) => [partitionIndex, replicaNodes])),
  }
}

interface Unled {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
}

function noCoordinator(message: string, at: Unled): BrokerError {
  const where = `${at.replicas.length === 1 ? 'broker' : 'brokers'} ${at.replicas.join(', ')}`
  return new BrokerError('coordinator-not-available', message, {
    hint: `its replicas are on ${where}: start one that was in sync`,
    details: { ...at },
  })
}
