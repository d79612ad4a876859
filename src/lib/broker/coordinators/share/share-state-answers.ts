import type { Int64 } from '../../../bytes/int64.ts'
import type { ShareBatch } from '../../../log/groups/share-batches.ts'
import type { SharePartitionKey } from './share-partition-key.ts'

export interface InitialiseShareState extends SharePartitionKey {
  readonly stateEpoch: number
  readonly startOffset: Int64
}

export interface ReadShareState extends SharePartitionKey {
  /** −1: whoever asks leads nothing. */
  readonly leaderEpoch: number
}

export interface WriteShareState extends SharePartitionKey {
  readonly stateEpoch: number
  readonly leaderEpoch: number
  readonly startOffset: Int64
  readonly deliveryCompleteCount: number
  readonly batches: readonly ShareBatch[]
}

export interface ShareStateRead {
  readonly stateEpoch: number
  readonly startOffset: Int64
  readonly batches: readonly ShareBatch[]
}

export interface ShareStateSummary {
  readonly stateEpoch: number
  readonly leaderEpoch: number
  readonly startOffset: Int64
  readonly deliveryCompleteCount: number
}

/** Of a share partition that was never initialised. */
export const noShareState: ShareStateSummary = {
  stateEpoch: 0,
  leaderEpoch: 0,
  startOffset: -1,
  deliveryCompleteCount: -1,
}
