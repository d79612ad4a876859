import type { LeaderEpochs } from '../start/leader-epochs.ts'
import type { LogProducers } from './log-producers.ts'
import type { LogSegment } from './log-segment.ts'

/** A log as it was found or made: what a writable one begins with. */
export interface LogBeginning {
  readonly segments: readonly LogSegment[]
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly recoveryPoint: number
  /** As the cleaner's checkpoint has it. */
  readonly cleanedOffset?: number | undefined
  readonly producers: LogProducers
  readonly lastSnapshot: number
  readonly epochs: LeaderEpochs
}
