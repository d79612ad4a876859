import type { Figure } from './figure.ts'

export interface Cluster {
  readonly clusterId: string | null
  /** Who leads the metadata quorum. */
  readonly controller: Figure
  /** As Kafka names the level of the feature metadata.version: `4.3-IV0`. */
  readonly metadataVersion: string | null
  /** Level by name. */
  readonly features: Readonly<Record<string, number>>
  /** The offset up to which the place knows the metadata. */
  readonly metadataEnd: Figure
  readonly nodes: readonly ClusterNode[]
  /** Null where they were not asked for: those of a live cluster are another question, to every broker. */
  readonly directories: readonly ClusterDirectory[] | null
}

export interface ClusterNode {
  readonly id: number
  readonly roles: readonly ('broker' | 'controller')[]
  readonly listeners: readonly string[]
  readonly rack: string | null
  readonly isFenced: boolean | null
}

export interface ClusterDirectory {
  readonly node: number | null
  readonly path: string
  readonly directoryId: string | null
  /** The broker that had it said goodbye; null where a live one has it. */
  readonly isCleanShutdown: boolean | null
  readonly partitionCount: number
  readonly sizeBytes: number
}

export interface ClusterView {
  describe(): Promise<Cluster>
}
