import { KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import { byPartition } from '../../model/partitions.ts'
import {
  type BrokerDisks,
  type Reassignment,
  type ReassignmentsView,
  type ReplicaSize,
  type ThrottleConfig,
  throttleNames,
} from '../../model/reassignments.ts'
import { listPartitionReassignments } from '../../protocol/apis/list-partition-reassignments.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askConfigs, type DescribedConfig, resourceTypes } from '../configs/describe-configs.ts'
import { askController } from '../routing/ask-controller.ts'
import { everyBroker } from '../routing/every-broker.ts'
import { groupedByTopic } from '../routing/topic-groups.ts'
import { askLogDirs, copiesIn, type WantedPartitions } from '../topics/log-dirs.ts'

/** Reassignments of a live cluster, and what is to be known of its brokers for them. */
export function liveReassignments(cluster: Cluster): ReassignmentsView {
  return {
    brokers: async () => {
      const { brokers } = await cluster.nodes(true)
      return brokers.map(({ id, rack }) => ({ id, rack })).sort((a, b) => a.id - b.id)
    },
    underWay: (partitions) => underWay(cluster, partitions),
    sizes: (brokers) => sizes(cluster, brokers),
    disks: (brokers, partitions) => disks(cluster, brokers, partitions),
    throttles: async (brokers, topics) => [
      ...(await brokerThrottles(cluster, brokers)),
      ...(await topicThrottles(cluster, topics)),
    ],
  }
}

async function underWay(
  cluster: Cluster,
  partitions: readonly TopicPartition[] | undefined,
): Promise<Reassignment[]> {
  const topics = partitions === undefined ? null : namedTopics(partitions)
  const question = { timeoutMs: cluster.deadline.patienceMs(), topics }
  const answer = await askController(cluster, listPartitionReassignments, question, ({ errorCode }) => [
    errorCode,
  ])
  if (answer.errorCode !== 0) throw brokerError(answer.errorCode, answer.errorMessage)
  const found = answer.topics.flatMap(({ name, partitions: own }) =>
    own.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
      topic: name,
      partition: partitionIndex,
      replicas,
      adding: addingReplicas,
      removing: removingReplicas,
    })),
  )
  return found.sort(byPartition)
}

function namedTopics(partitions: readonly TopicPartition[]) {
  return [...groupedByTopic(partitions)].map(([name, own]) => ({
    name,
    partitionIndexes: own.map(({ partition }) => partition),
  }))
}

/** A copy that is on its way to another disk of the same broker is there twice, and counted once. */
async function sizes(
  cluster: Cluster,
  brokers: readonly number[],
): Promise<Outcome<readonly ReplicaSize[]>[]> {
  const told = await askLogDirs(cluster, null, brokers)
  return told.map((each) => {
    const { item, outcome } = each
    if (outcome instanceof KtoolError) return { item, outcome }
    const { copies } = copiesIn([each])
    return { item, outcome: copies.filter(({ isFuture }) => !isFuture) }
  })
}

async function disks(
  cluster: Cluster,
  brokers: readonly number[] | undefined,
  partitions: readonly TopicPartition[] | undefined,
): Promise<Outcome<BrokerDisks>[]> {
  const told = await askLogDirs(cluster, partitions === undefined ? null : wantedOf(partitions), brokers)
  return told.map((each) => {
    const { item, node, outcome } = each
    if (outcome instanceof KtoolError) return { item, outcome }
    const directories = outcome.map(({ logDir, errorCode, isCordoned }) => ({
      path: logDir,
      isOnline: errorCode === 0,
      isCordoned,
    }))
    return { item, outcome: { broker: node.id, directories, replicas: copiesIn([each]).copies } }
  })
}

function wantedOf(partitions: readonly TopicPartition[]): WantedPartitions {
  return [...groupedByTopic(partitions)].map(([topic, own]) => ({
    topic,
    partitions: own.map(({ partition }) => partition),
  }))
}

/** A broker tells its own dynamic configs itself, and no other knows them for sure. */
async function brokerThrottles(
  cluster: Cluster,
  brokers: readonly number[],
): Promise<Outcome<readonly ThrottleConfig[]>[]> {
  const told = await everyBroker(
    cluster,
    async (connection, { id }) => {
      const wish = { type: resourceTypes.broker, names: [String(id)], keys: throttleNames.brokers }
      const configs = (await askConfigs(cluster, wish, connection)).get(String(id)) ?? []
      if (configs instanceof KtoolError) throw configs
      return throttleConfigs('brokers', String(id), configs)
    },
    brokers,
  )
  return told.map(({ item, outcome }) => ({ item, outcome }))
}

async function topicThrottles(
  cluster: Cluster,
  topics: readonly string[],
): Promise<Outcome<readonly ThrottleConfig[]>[]> {
  const wish = { type: resourceTypes.topic, names: topics, keys: throttleNames.topics }
  const told = await askConfigs(cluster, wish)
  return [...told].map(([item, configs]) => ({
    item,
    outcome: configs instanceof KtoolError ? configs : throttleConfigs('topics', item, configs),
  }))
}

/** Where a value was set for this very resource: 1 by topic, 2 by broker. Defaults are not set here. */
const OWN_SOURCES: readonly number[] = [1, 2]

function throttleConfigs(
  type: ThrottleConfig['type'],
  resource: string,
  configs: readonly DescribedConfig[],
): ThrottleConfig[] {
  return throttleNames[type].map((name) => {
    const own = configs.find((each) => each.name === name && OWN_SOURCES.includes(each.configSource))
    return { type, resource, name, value: own?.value ?? null }
  })
}
