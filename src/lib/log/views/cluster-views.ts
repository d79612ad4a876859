import type { Int64 } from '../../bytes/int64.ts'
import type { Cluster, ClusterDirectory, ClusterNode, ClusterView } from '../../model/cluster.ts'
import { type Figure, unknown } from '../../model/figure.ts'
import { metadataVersionName } from '../../model/metadata-versions.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectories } from '../cluster/log-directories.ts'
import type { EndpointImage, MetadataImage } from '../cluster/metadata-image.ts'
import type { LogDirectory } from '../log-directory.ts'
import { asWritten, WRITTEN } from './metadata-figures.ts'
import { copySizeBytes } from './partition-sizes.ts'

/** Who belonged to the cluster, as the metadata log says; without one, whose directories these are. */
export function diskCluster(disk: ReadableDisk, directories: LogDirectories): ClusterView {
  return { describe: async () => describe(disk, directories) }
}

function describe(disk: ReadableDisk, found: LogDirectories): Cluster {
  const { clusterId, metadata, directories } = found
  const level = metadata?.features.get('metadata.version')
  return {
    clusterId,
    controller: ofMetadata(found, ({ controllerId }) => controllerId),
    metadataVersion: level === undefined ? null : metadataVersionName(level),
    features: Object.fromEntries([...(metadata?.features ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))),
    metadataEnd: ofMetadata(found, ({ endOffset }) => endOffset),
    nodes: metadata === null ? nodesSeen(directories) : nodesOf(metadata),
    directories: directories.map((directory) => described(disk, directory)),
  }
}

function ofMetadata(
  { metadata, noMetadata, metadataChoice }: LogDirectories,
  value: (image: MetadataImage) => Int64 | null,
): Figure {
  if (metadata === null) return unknown(noMetadata ?? 'there is no metadata log')
  const said = value(metadata)
  if (said === null) return unknown('the metadata log does not say')
  return asWritten(said, metadataChoice === null ? undefined : `${WRITTEN}; ${metadataChoice}`)
}

function nodesOf({ brokers, controllers, voters }: MetadataImage): ClusterNode[] {
  const ids = new Set([...brokers.keys(), ...controllers.keys(), ...voters.map(({ id }) => id)])
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const broker = brokers.get(id)
      const controller = controllers.get(id)
      const isController = controller !== undefined || voters.some((voter) => voter.id === id)
      return {
        id,
        roles: [
          ...(broker === undefined ? [] : ['broker' as const]),
          ...(isController ? ['controller' as const] : []),
        ],
        listeners: [...(broker?.endpoints ?? []), ...(controller?.endpoints ?? [])].map(listener),
        rack: broker?.rack ?? null,
        isFenced: broker?.isFenced ?? null,
      }
    })
}

/** Kafka's own way of writing a listener. */
function listener({ name, host, port }: EndpointImage): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function nodesSeen(directories: readonly LogDirectory[]): ClusterNode[] {
  const ids = new Set(directories.flatMap(({ meta }) => meta.value?.nodeId ?? []))
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => ({ id, roles: [], listeners: [], rack: null, isFenced: null }))
}

function described(disk: ReadableDisk, directory: LogDirectory): ClusterDirectory {
  const { path, meta, isCleanShutdown, partitions } = directory
  const current = partitions.filter(({ aside }) => aside === null)
  return {
    node: meta.value?.nodeId ?? null,
    path,
    directoryId: meta.value?.directoryId ?? null,
    isCleanShutdown,
    partitionCount: current.length,
    sizeBytes: current.reduce((sum, { path }) => sum + copySizeBytes(disk, path), 0),
  }
}
