import type { PartitionLog } from '../../log/write/partition-log.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { CoordinatorPartition, TransactionMarker } from '../coordinators/coordinator-partition.ts'

/** A partition that this node leads. */
export interface Partition extends CoordinatorPartition {
  readonly topic: string
  readonly topicId: string
  readonly log: PartitionLog
  readonly leaderEpoch: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  /** Checks, assigns offsets and appends one client's batch; see produce.ts for what it answers. */
  appendMarker(marker: TransactionMarker): number
  /** Null: the epoch is the one in force, or the client does not say. */
  checkLeaderEpoch(currentLeaderEpoch: number): ErrorName | null
  /** The producer's open transaction begins at this offset, or it has none. */
  openTransactionOf(producerId: number): number | undefined
  /** Runs once, after the next append, leadership change or deletion. */
  onceChanged(run: () => void): () => void
}
