import { KtoolError } from '../../errors.ts'
import type { LogDirReplica, LogDirState, Told } from '../../model/cluster-state.ts'
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
  const wanted = topics === undefined ? null : await partitionsOf(cluster, topics)
  const asked = await askLogDirs(cluster, wanted, brokers)
  const failures = asked.flatMap(({ item, outcome }) =>
    outcome instanceof KtoolError ? [{ item, error: outcome }] : [],
  )
  const rows = asked.flatMap(({ node, outcome }) =>
    outcome instanceof KtoolError ? [] : outcome.map((directory) => described(node.id, directory)),
  )
  return { rows: rows.sort(byPlace), failures: [...failures, ...absent(brokers, asked)] }
}

async function partitionsOf(cluster: Cluster, topics: readonly string[]): Promise<WantedPartitions> {
  const known = await topicMetadata(cluster, topics)
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

function byPartition(a: LogDirReplica, b: LogDirReplica): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}

function byPlace(a: LogDirState, b: LogDirState): number {
  return a.broker - b.broker || (a.directory < b.directory ? -1 : 1)
}

/** Brokers that were named and are not there. */
function absent(
  brokers: readonly number[] | undefined,
  asked: readonly { readonly node: { readonly id: number } }[],
): Told<never>['failures'] {
  const missing = (brokers ?? []).filter((id) => !asked.some(({ node }) => node.id === id))
  return missing.map((id) => ({
    item: `broker ${id}`,
    error: brokerError(8, `the cluster has no live broker ${id}`),
  }))
}
