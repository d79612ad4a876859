import { basename } from 'node:path'
import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import type { StartOutcome } from '../start/start-prediction.ts'
import type { Severity } from './finding.ts'
import { removedLogs } from './judge.ts'
import type { PartitionVerdict, Verdict } from './partition-verdict.ts'

/** A line of the table: a partition as a whole, or one finding. */
export interface TableLine {
  readonly partition: string
  readonly severity: Verdict | Severity
  readonly finding: string
  readonly onStart: string
}

/** With the start that a broker would make as the directory stands. Without the mark of a clean stop it is the other. */
export function tableLines(row: PartitionVerdict): TableLine[] {
  const { findings, verdict, onStart, folder } = row
  const next = row.nextStart ?? 'unclean'
  const partition = basename(folder)
  const whole: TableLine = {
    partition,
    severity: verdict,
    finding: whatIsThere(row),
    onStart: `${next} start: ${whatBecomes(onStart[next], row)}`,
  }
  const lines = findings.map(
    ({ severity, file, reason, onCleanStart, onUncleanStart }): TableLine => ({
      partition,
      severity,
      finding: `${file}: ${reason}`,
      onStart: next === 'clean' ? onCleanStart : onUncleanStart,
    }),
  )
  return [whole, ...lines]
}

function whatIsThere({
  segments,
  batches,
  records,
  skippedBytes,
  firstOffset,
  lastOffset,
}: PartitionVerdict): string {
  const parts = [plural(segments, 'segment'), plural(batches, 'batch'), plural(records, 'record')]
  if (skippedBytes > 0) parts.push(`${plural(skippedBytes, 'byte')} that cannot be read`)
  return `${parts.join(', ')}; ${offsets(firstOffset, lastOffset)}`
}

function whatBecomes(outcome: StartOutcome, { lastOffset }: PartitionVerdict): string {
  const { comesUp, reason, logStartOffset, logEndOffset, files } = outcome
  if (!comesUp || logStartOffset === null || logEndOffset === null) return `the broker stops: ${reason}`
  const parts = [offsets(logStartOffset, subtractInt64(logEndOffset, 1))]
  if (lastOffset !== null && lastOffset >= logEndOffset)
    parts.push(`loses ${offsets(logEndOffset, lastOffset)}`)
  const count = (action: string) => (files ?? []).filter((file) => file.action === action).length
  const removed = removedLogs(files ?? []).length
  if (count('truncate') > 0) parts.push(`truncates ${plural(count('truncate'), 'log')}`)
  if (removed > 0) parts.push(`deletes ${plural(removed, 'segment')}`)
  if (count('rebuild') > 0) parts.push(`rebuilds ${plural(count('rebuild'), 'file')}`)
  return parts.join(', ')
}

function offsets(first: Int64 | null, last: Int64 | null): string {
  if (first === null || last === null || last < first) return 'no offsets'
  return addInt64(first, 0) === last ? `offset ${first}` : `offsets ${first} to ${last}`
}

export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  return `${count} ${noun}${noun.endsWith('ch') ? 'es' : 's'}`
}
