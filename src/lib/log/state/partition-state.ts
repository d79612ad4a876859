import type { Int64 } from '../../bytes/int64.ts'
import { BugError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { CheckpointBounds, LogBounds } from './log-bounds.ts'
import type { ProducerState } from './producer-states.ts'

/** What a partition's folder tells of it: where it starts and ends, and who is writing to it. */
export interface PartitionState extends LogBounds {
  /** Where readers that want committed records only have to stop. */
  readonly lastStableOffset: Int64
  /** By first offset. */
  readonly openTransactions: readonly OpenTransaction[]
  /** By producer id. Of those who wrote long ago a broker forgets; here all are that it remembered. */
  readonly producers: readonly ProducerState[]
  readonly notes: LogBounds['notes'] & { readonly lastStableOffset: string | null }
}

export interface OpenTransaction {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly firstOffset: Int64
  /** Of the batch that opened it; null where only a snapshot still knows of it. */
  readonly startTimestamp: Int64 | null
  /** Of its producer's last batch. */
  readonly lastTimestamp: Int64
  /** Null where no coordinator has ended a transaction of this producer yet. */
  readonly coordinatorEpoch: number | null
}

export function readPartitionState(
  disk: ReadableDisk,
  folder: PartitionFolder,
  bounds: CheckpointBounds = {},
): PartitionState {
  throw new BugError('unfinished', `${disk.list.name} ${folder.path} ${bounds.highWatermark}`)
}
