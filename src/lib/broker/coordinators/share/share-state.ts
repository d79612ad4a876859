import type { Int64 } from '../../../bytes/int64.ts'
import { combinedBatches, type ShareBatch } from '../../../log/groups/share-batches.ts'

/** What the coordinator keeps of a share partition. */
export interface ShareState {
  readonly snapshotEpoch: number
  readonly stateEpoch: number
  readonly leaderEpoch: number
  /** −1 as long as nobody has fetched. */
  readonly startOffset: Int64
  /** Of records above the start offset that nobody gets any more; −1 where nobody counts. */
  readonly deliveryCompleteCount: number
  readonly batches: readonly ShareBatch[]
  readonly createMs: number
  readonly writeMs: number
}

/** What changed since the snapshot. A start offset or an epoch of −1 is that of before. */
export type ShareStateUpdate = Pick<
  ShareState,
  'snapshotEpoch' | 'leaderEpoch' | 'startOffset' | 'deliveryCompleteCount' | 'batches'
>

export function updatedState(before: ShareState | undefined, update: ShareStateUpdate): ShareState {
  if (before === undefined) return { ...update, stateEpoch: 0, createMs: 0, writeMs: 0 }
  const startOffset = update.startOffset === -1 ? before.startOffset : update.startOffset
  return {
    ...before,
    startOffset,
    deliveryCompleteCount: update.deliveryCompleteCount,
    leaderEpoch: update.leaderEpoch === -1 ? before.leaderEpoch : update.leaderEpoch,
    batches: combinedBatches(before.batches, update.batches, startOffset),
  }
}
