import type { KtoolError } from '../errors.ts'
import type { ItemFailure } from './outcome.ts'

/** A broker as the others and itself tell of it. */
export interface BrokerState {
  readonly id: number
  /** Null where only its partitions tell of it. */
  readonly host: string | null
  readonly port: number | null
  readonly rack: string | null
  /** It leads the metadata quorum, or is what a controller was before there were quorums. */
  readonly isController: boolean
  /** It has registered and is not (or no more) told to lead anything; null where nobody tells. */
  readonly isFenced: boolean | null
  /** The release that it seems to be; null where it did not tell what it serves. */
  readonly kafka: string | null
  readonly leaderCount: number
  readonly replicaCount: number
  /** Why it could not be asked. */
  readonly error: KtoolError | null
}

export interface QuorumState {
  readonly leader: number
  readonly leaderEpoch: number
  readonly highWatermark: number | bigint
  readonly replicas: readonly QuorumReplica[]
}

export interface QuorumReplica {
  readonly node: number
  readonly role: 'Leader' | 'Follower' | 'Observer'
  readonly directoryId: string | null
  readonly listeners: readonly string[]
  readonly logEnd: number | bigint | null
  /** Behind the end of the leader's log. */
  readonly lag: number | bigint | null
  readonly lastFetchMs: number | bigint | null
  readonly lastCaughtUpMs: number | bigint | null
}

/** What brokers can do, and what the cluster has agreed on. */
export interface FeatureState {
  readonly feature: string
  /** That every broker which answered supports; null where they have no level in common. */
  readonly supportedMin: number | null
  readonly supportedMax: number | null
  /** 0 where it was never set; null where brokers know of no such agreement. */
  readonly finalized: number | null
  readonly release: string | null
  readonly supportedRelease: string | null
}

export interface LogDirState {
  readonly broker: number
  readonly directory: string
  readonly replicaCount: number
  readonly futureCount: number
  readonly sizeBytes: number
  /** Of the volume; null where the broker does not tell. */
  readonly totalBytes: number | bigint | null
  readonly usableBytes: number | bigint | null
  readonly isCordoned: boolean | null
  /** Why it is offline. */
  readonly error: KtoolError | null
  readonly replicas: readonly LogDirReplica[]
}

export interface LogDirReplica {
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  /** Behind the high watermark of the partition, or for a copy on its way behind the copy in use. */
  readonly offsetLag: number | bigint
  readonly isFuture: boolean
}

/** Answers, and whoever gave none. */
export interface Told<T> {
  readonly rows: readonly T[]
  readonly failures: readonly ItemFailure[]
}

/** What only a cluster that runs can tell of itself. */
export interface ClusterStateView {
  brokers(): Promise<readonly BrokerState[]>
  quorum(): Promise<QuorumState>
  features(): Promise<Told<FeatureState> & { readonly epoch: number | bigint | null }>
  /** Of these brokers and topics, or of all. */
  logDirs(brokers?: readonly number[], topics?: readonly string[]): Promise<Told<LogDirState>>
}
