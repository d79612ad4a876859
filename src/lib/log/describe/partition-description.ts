import type { Int64 } from '../../bytes/int64.ts'
import type { Figure } from '../../model/figure.ts'
import type { Aside } from '../files/folder-names.ts'
import type { QuorumState } from '../files/quorum-state.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import type { OpenTransaction } from '../state/partition-state.ts'
import type { ProducerState } from '../state/producer-states.ts'

/** One partition in full, as its folder and the checkpoints around it tell of it. */
export interface PartitionDescription {
  readonly topic: string | null
  readonly partition: number | null
  readonly folder: string
  /** Why the folder is not the partition's own; null for the one in use. */
  readonly aside: Aside | null
  readonly topicId: string | null
  /** The log directory that it lies in, and whose that is; null where it lies in none. */
  readonly directory: string | null
  readonly broker: number | null
  readonly lastStop: LastStop | null
  readonly logStartOffset: Figure
  readonly logEndOffset: Figure
  readonly highWatermark: Figure
  readonly lastStableOffset: Figure
  readonly recoveryPoint: Figure
  readonly cleanerOffset: Figure
  /** −1 where neither the leader epoch file nor a batch names one. */
  readonly leaderEpoch: number
  /** Null where there is no such file, or none that can be read. */
  readonly leaderEpochs: readonly DescribedEpoch[] | null
  readonly openTransactions: readonly OpenTransaction[]
  /** By their markers, from the transaction indexes. */
  readonly abortedTransactions: readonly DescribedAbort[]
  readonly producers: readonly ProducerState[]
  readonly segments: readonly DescribedSegment[]
  /** Of the logs in use. */
  readonly sizeBytes: number
  /** Of all that is in the folder, with indexes, snapshots and what is left over. */
  readonly folderBytes: number
  readonly snapshots: readonly DescribedSnapshot[]
  /** Those of KRaft, which only the metadata log has. */
  readonly checkpoints: readonly DescribedCheckpoint[]
  /** What the node last knew of the quorum; only beside the metadata log. */
  readonly quorum: QuorumState | null
  /** Steps of a deletion or of a cleaning that were not gone to the end. */
  readonly leftovers: readonly DescribedLeftover[]
  /** Names that Kafka gives to no part of a log. */
  readonly otherFiles: readonly string[]
  /** What was damaged or missing on the way. */
  readonly warnings: readonly string[]
}

/** How the broker went away, as far as its log directory tells. */
export type LastStop = 'clean' | 'unclean' | 'alive'

export interface DescribedEpoch {
  readonly epoch: number
  readonly startOffset: Int64
  /** Where the next one begins; null for the last. */
  readonly endOffset: Int64 | null
}

export interface DescribedAbort extends Omit<AbortedTransaction, 'version'> {
  readonly file: string
}

export interface DescribedSegment {
  readonly file: string
  readonly baseOffset: Int64
  /** Where the next segment begins; of the active one the log end offset. */
  readonly nextOffset: Int64
  readonly sizeBytes: number
  /** Null where there is no such file. */
  readonly indexBytes: number | null
  readonly timeIndexBytes: number | null
  readonly txnIndexBytes: number | null
  readonly modifiedMs: number
  readonly isActive: boolean
}

export interface DescribedSnapshot {
  readonly file: string
  /** All before it is in the snapshot. */
  readonly offset: Int64
  readonly sizeBytes: number
  /** Null where a broker would not believe the file. */
  readonly producers: number | null
}

export interface DescribedCheckpoint {
  readonly file: string
  readonly offset: Int64
  readonly epoch: number | null
  readonly sizeBytes: number
}

export interface DescribedLeftover {
  readonly file: string
  readonly step: 'deleted' | 'cleaned' | 'swap'
  readonly sizeBytes: number
}
