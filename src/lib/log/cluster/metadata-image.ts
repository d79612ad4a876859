import type { Int64 } from '../../bytes/int64.ts'

/**
 * What a KRaft cluster knew of itself, as its metadata log says up to `endOffset`: the image that a broker
 * builds from the newest snapshot and the log behind it.
 */
export interface MetadataImage {
  /** Where it was read from: the folder of `__cluster_metadata-0`. */
  readonly path: string
  /** Of the first record that it does not know; of the leader that wrote the last one. */
  readonly endOffset: Int64
  readonly epoch: number
  /** When the last record in it was written; −1 where nothing says. */
  readonly timestampMs: Int64
  /** Who led the quorum last, as its log says; null where it does not. */
  readonly controllerId: number | null
  /** By name. */
  readonly topics: ReadonlyMap<string, TopicImage>
  /** By type and name of the resource: see `configsOf`. */
  readonly configs: ReadonlyMap<ConfigResourceType, ReadonlyMap<string, ReadonlyMap<string, string>>>
  readonly brokers: ReadonlyMap<number, BrokerImage>
  readonly controllers: ReadonlyMap<number, ControllerImage>
  /** Voters of the quorum where the log names them (KIP-853). */
  readonly voters: readonly VoterImage[]
  /** Level by name. */
  readonly features: ReadonlyMap<string, number>
  readonly quotas: readonly QuotaImage[]
  readonly scram: readonly ScramImage[]
  readonly acls: readonly AclImage[]
  readonly delegationTokens: readonly DelegationTokenImage[]
  /** The first producer id that was not yet handed to a broker. */
  readonly nextProducerId: Int64 | null
}

export interface TopicImage {
  readonly name: string
  readonly topicId: string
  /** By number. */
  readonly partitions: ReadonlyMap<number, PartitionImage>
}

export const NO_LEADER = -1

export interface PartitionImage {
  readonly partition: number
  /** −1 where there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
  /** Ids of log directories, one a replica; empty where the metadata version has none. */
  readonly directories: readonly string[]
  /** An unclean election, and the new leader has not yet said that it recovered. */
  readonly isRecovering: boolean
  /** What it was before brokers that said goodbye left it; null where nobody left, or not that way. */
  readonly beforeStop: Leadership | null
}

/** Who leads, and who could. */
export interface Leadership {
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
}

/**
 * Who led when the cluster ran. Brokers that are stopped well leave one by one, and the log of a cluster that
 * was ends with no leader and no ISR, which is true and tells nothing.
 */
export function lastLeadership(partition: PartitionImage): Leadership {
  return partition.leader === NO_LEADER && partition.beforeStop !== null ? partition.beforeStop : partition
}

export const configResourceTypes = ['topic', 'broker', 'client-metrics', 'group'] as const
export type ConfigResourceType = (typeof configResourceTypes)[number]

export interface EndpointImage {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly securityProtocol: string
}

export interface BrokerImage {
  readonly id: number
  readonly epoch: Int64
  readonly incarnationId: string
  readonly endpoints: readonly EndpointImage[]
  readonly rack: string | null
  readonly isFenced: boolean
  readonly isInControlledShutdown: boolean
  /** Ids of its log directories. */
  readonly directories: readonly string[]
}

export interface ControllerImage {
  readonly id: number
  readonly incarnationId: string
  readonly endpoints: readonly EndpointImage[]
}

export interface VoterImage {
  readonly id: number
  readonly directoryId: string
  readonly endpoints: readonly Omit<EndpointImage, 'securityProtocol'>[]
}

export interface QuotaImage {
  /** Name by type (user, client-id, ip); a null name is the default of that type. */
  readonly entity: ReadonlyMap<string, string | null>
  readonly values: ReadonlyMap<string, number>
}

/** Salt and keys stay in the log. */
export interface ScramImage {
  readonly user: string
  readonly mechanism: string
  readonly iterations: number
}

export interface AclImage {
  readonly id: string
  readonly resourceType: string
  readonly resourceName: string
  readonly patternType: string
  readonly principal: string
  readonly host: string
  readonly operation: string
  readonly permission: string
}

/** Its secret is not in the log; the id alone does not open anything. */
export interface DelegationTokenImage {
  readonly tokenId: string
  readonly owner: string
  readonly requester: string
  readonly renewers: readonly string[]
  readonly issuedMs: Int64
  readonly maxMs: Int64
  readonly expiryMs: Int64
}

const none: ReadonlyMap<string, string> = new Map()

/** The configs that were set of one resource; `''` names the default of all brokers. */
export function configsOf(
  image: Pick<MetadataImage, 'configs'>,
  type: ConfigResourceType,
  name: string,
): ReadonlyMap<string, string> {
  return image.configs.get(type)?.get(name) ?? none
}
