import type { Int64 } from '../../bytes/int64.ts'
import type { CheckFailed } from '../../errors.ts'
import type { Difference } from './same-record.ts'

/** Of two copies with one end, one may have gaps where the other, the fuller one, has records. */
export type Verdict = 'same' | 'gaps' | 'fuller' | 'behind' | 'ahead' | 'diverged' | 'damaged' | 'unknown'

/** One of the two copies, beside the other. */
export interface ReplicaRow {
  readonly folder: string
  readonly topic: string | null
  readonly partition: number | null
  readonly verdict: Verdict
  readonly logStartOffset: Int64
  readonly logEndOffset: Int64
  readonly highWatermark: Int64 | null
  readonly lastEpoch: number | null
  /** The first offset at which the copies say different things. */
  readonly partsAtOffset: Int64 | null
  readonly difference: Difference | null
  /** Of the batch at which they part, or that is damaged. */
  readonly epoch: number | null
  readonly file: string | null
  readonly position: number | null
  readonly finding: string | null
  /** Records that the other copy has not, where both reach. */
  readonly onlyHere: number
  readonly firstOnlyHere: Int64 | null
  /** Where this copy would cut its log to follow the other. */
  readonly truncatesTo: Int64 | null
  readonly losesOffsets: Int64 | null
}

export interface ReplicaDiff {
  readonly rows: readonly [ReplicaRow, ReplicaRow]
  readonly notes: readonly string[]
  readonly trouble: CheckFailed | null
}
