import { KtoolError } from '../../errors.ts'
import type { ClusterNode, Cluster as ClusterNoun, ClusterView } from '../../model/cluster.ts'
import type { ClusterStateView } from '../../model/cluster-state.ts'
import { unknown } from '../../model/figure.ts'
import { metadataVersionName } from '../../model/metadata-versions.ts'
import type { Cluster } from '../cluster.ts'
import { askVersions } from '../cluster-state/ask-versions.ts'
import { brokerStates } from '../cluster-state/brokers.ts'
import { featureStates } from '../cluster-state/features.ts'
import { logDirStates } from '../cluster-state/log-dirs.ts'
import { quorumState } from '../cluster-state/quorum.ts'
import { exact } from '../live-figures.ts'

/** What only a cluster that runs can tell. */
export function liveClusterState(cluster: Cluster): ClusterStateView {
  return {
    brokers: () => brokerStates(cluster),
    quorum: () => quorumState(cluster),
    features: () => featureStates(cluster),
    logDirs: (brokers, topics) => logDirStates(cluster, brokers, topics),
  }
}

/** A live cluster in short, as any of its brokers tells. */
export function liveCluster(cluster: Cluster): ClusterView {
  return { describe: () => describe(cluster) }
}

async function describe(cluster: Cluster): Promise<ClusterNoun> {
  const [{ clusterId, controllerId, brokers }, { finalizedFeatures }, quorum] = await Promise.all([
    cluster.nodes(),
    cluster.any().then((connection) => askVersions(cluster, connection)),
    orError(quorumState(cluster)),
  ])
  const features = Object.fromEntries(
    finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel] as const).sort(byName),
  )
  const level = features['metadata.version']
  const nodes = brokers.map(({ id, host, port, rack }): ClusterNode => {
    return { id, roles: ['broker'], listeners: [`${host}:${port}`], rack, isFenced: null }
  })
  return {
    clusterId,
    controller: quorum instanceof KtoolError ? namedController(controllerId) : exact(quorum.leader),
    metadataVersion: level === undefined ? null : metadataVersionName(level),
    features,
    metadataEnd: quorum instanceof KtoolError ? unknown(quorum.message) : exact(quorum.highWatermark),
    nodes: quorum instanceof KtoolError ? nodes : withVoters(nodes, quorum),
    directories: null,
  }
}

function namedController(id: number) {
  return id < 0 ? unknown('no broker is the controller') : exact(id)
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1
}

async function orError<T>(asked: Promise<T>): Promise<T | KtoolError> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof KtoolError) return error
    throw error
  }
}

function withVoters(
  nodes: readonly ClusterNode[],
  { replicas }: Awaited<ReturnType<ClusterStateView['quorum']>>,
): ClusterNode[] {
  const voters = replicas.filter(({ role }) => role !== 'Observer')
  const ids = new Set([...nodes.map(({ id }) => id), ...voters.map(({ node }) => node)])
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const node = nodes.find((each) => each.id === id)
      const voter = voters.find((each) => each.node === id)
      return {
        id,
        roles: [...(node?.roles ?? []), ...(voter === undefined ? [] : ['controller' as const])],
        listeners: [...(node?.listeners ?? []), ...(voter?.listeners ?? [])],
        rack: node?.rack ?? null,
        isFenced: null,
      }
    })
}
