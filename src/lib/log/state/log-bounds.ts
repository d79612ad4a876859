import type { Int64 } from '../../bytes/int64.ts'

/** What the checkpoints of a log directory say of one partition; nothing where they have no line of it. */
export interface CheckpointBounds {
  readonly highWatermark?: Int64 | undefined
  readonly logStartOffset?: Int64 | undefined
}

/** Where a log starts and ends. A note says what an offset is where it is not the plain fact. */
export interface LogBounds {
  readonly logStartOffset: Int64
  readonly logEndOffset: Int64
  readonly highWatermark: Int64
  /** The newest that the leader epoch file or the last batch names; −1 where neither does. */
  readonly lastLeaderEpoch: number
  readonly notes: {
    readonly logStartOffset: string | null
    readonly logEndOffset: string | null
    readonly highWatermark: string | null
  }
}
