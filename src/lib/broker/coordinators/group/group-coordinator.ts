import type { TransactionMarker } from '../coordinator-partition.ts'

/** Classic groups and all offsets; which partition of `__consumer_offsets` a group lives in. */
export interface GroupCoordinator {
  /** Of `__consumer_offsets`: abs(hash of the group id) % partitions. */
  partitionFor(groupId: string): number
  /** A transaction that committed offsets here has ended. */
  markerWritten(partition: number, marker: TransactionMarker): void
}
