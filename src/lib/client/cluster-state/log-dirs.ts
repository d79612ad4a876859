import { KtoolError } from '../../errors.ts'
import type { LogDirReplica, LogDirState, Told } from '../../model/cluster-state.ts'
import { failuresIn } from '../../model/outcome.ts'
import { byPartition } from '../../model/partitions.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { topicMetadata } from '../routing/topic-metadata.ts'
import { askLogDirs, type LogDir, type WantedPartitions } from '../topics/log-dirs.ts'

/** The log directories of brokers; one that is offline is told of with its error. */
export async function logDirStates(
  cluster: Cluster,
  brokers?: readonly number[],
  topics?: readonly string[],
): Promise<Told<LogDirState>> {
  const hasNamed = brokers !== undefined && topics === undefined
  const known: Known = hasNamed ? new Map() : await topicMetadata(cluster, topics)
  const wanted = topics === undefined ? null : partitionsOf(known)
  const asked = await askLogDirs(cluster, wanted, brokers)
  const failures = failuresIn(asked)
  const rows = asked.flatMap(({ node, outcome }) =>
    outcome instanceof KtoolError ? [] : outcome.map((directory) => described(node.id, directory)),
  )
  return { rows: rows.sort(byPlace), failures: [...failures, ...absent(brokers ?? holdersOf(known), asked)] }
}

type Known = Awaited<ReturnType<typeof topicMetadata>>

function partitionsOf(known: Known): WantedPartitions {
  return [...known].map(([topic, metadata]) => {
    if (metadata instanceof KtoolError) throw metadata
    return { topic, partitions: metadata.partitions.map(({ partitionIndex }) => partitionIndex) }
  })
}

function described(broker: number, directory: LogDir): LogDirState {
  const { logDir, errorCode, topics, totalBytes, usableBytes, isCordoned } = directory
  const replicas = topics.flatMap(({ name, partitions }) =>
    partitions.map(
      (each): LogDirReplica => ({
        topic: name,
        partition: each.partitionIndex,
        sizeBytes: Number(each.partitionSize),
        offsetLag: each.offsetLag,
        isFuture: each.isFutureKey,
      }),
    ),
  )
  return {
    broker,
    directory: logDir,
    replicaCount: replicas.filter(({ isFuture }) => !isFuture).length,
    futureCount: replicas.filter(({ isFuture }) => isFuture).length,
    sizeBytes: replicas.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    totalBytes: totalBytes < 0n ? null : totalBytes,
    usableBytes: usableBytes < 0n ? null : usableBytes,
    isCordoned,
    error: errorCode === 0 ? null : brokerError(errorCode),
    replicas: replicas.sort(byPartition),
  }
}

function byPlace(a: LogDirState, b: LogDirState): number {
  return a.broker - b.broker || (a.directory < b.directory ? -1 : 1)
}

/** Brokers that have replicas, whether they are there or not. */
function holdersOf(known: Known): number[] {
  const partitions = [...known.values()].flatMap((topic) =>
    topic instanceof KtoolError ? [] : topic.partitions,
  )
  return [...new Set(partitions.flatMap(({ replicaNodes }) => replicaNodes))].sort((a, b) => a - b)
}

/** Brokers that are wanted and are not there. */
function absent(
  brokers: readonly number[],
  asked: readonly { readonly node: { readonly id: number } }[],
): Told<never>['failures'] {
  const missing = brokers.filter((id) => !asked.some(({ node }) => node.id === id))
  return missing.map((id) => ({
    item: `broker ${id}`,
    error: brokerError(8, `the cluster has no live broker ${id}`),
  }))
}
