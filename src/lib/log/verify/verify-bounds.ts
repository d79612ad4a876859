import type { Int64 } from '../../bytes/int64.ts'
import type { Findings } from './finding.ts'

interface Bounds {
  readonly logStartOffset: Int64 | undefined
  readonly highWatermark: Int64 | undefined
  readonly recoveryPoint: Int64 | undefined
}

/** What the directory's checkpoints say of the partition, beside where its log ends. */
export function verifyBounds(bounds: Bounds, logEnd: Int64, findings: Findings): void {
  const { logStartOffset, highWatermark, recoveryPoint } = bounds
  const say = (file: string, code: string, offset: Int64, told: string) =>
    findings.add(file, code, 'error', `says that ${told} offset ${offset}, and the log ends at ${logEnd}`, {
      offset,
    })
  if (logStartOffset !== undefined && logStartOffset > logEnd) {
    say('log-start-offset-checkpoint', 'log-start-beyond-end', logStartOffset, 'the log starts at')
  }
  if (highWatermark !== undefined && highWatermark > logEnd) {
    say(
      'replication-offset-checkpoint',
      'high-watermark-beyond-end',
      highWatermark,
      'all replicas had it up to',
    )
  }
  if (recoveryPoint !== undefined && recoveryPoint > logEnd) {
    say('recovery-point-offset-checkpoint', 'recovery-point-beyond-end', recoveryPoint, 'it is on disk up to')
  }
}
