import type { Int64 } from '../../bytes/int64.ts'
import type { StartPrediction } from '../start/start-prediction.ts'
import type { JudgedFinding } from './finding.ts'
import type { Counts } from './verify-segment.ts'

/** ok: nothing but what is normal, also after an unclean stop. */
export type Verdict = 'ok' | 'warning' | 'error'

/** What was found out about one partition's folder. */
export interface PartitionVerdict extends Counts {
  /** Null where the folder's name is not that of a partition. */
  readonly topic: string | null
  readonly partition: number | null
  readonly folder: string
  readonly verdict: Verdict
  readonly segments: number
  readonly sizeBytes: number
  readonly firstOffset: Int64 | null
  /** Of the last sound batch. */
  readonly lastOffset: Int64 | null
  /** Offsets between sound batches that damage has taken. */
  readonly lostOffsets: Int64
  /** In the order of the files. */
  readonly findings: readonly JudgedFinding[]
  /** The start that a broker would make as the directory stands; null where no directory is around the folder. */
  readonly nextStart: 'clean' | 'unclean' | null
  readonly onStart: StartPrediction
}

export function verdictOf(findings: readonly { readonly severity: JudgedFinding['severity'] }[]): Verdict {
  if (findings.some(({ severity }) => severity === 'error')) return 'error'
  return findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok'
}
