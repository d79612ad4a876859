import { CheckFailed } from '../errors.ts'
import { type Figure, isKnown } from '../model/figure.ts'
import { isAhead, type LagRow } from './lag-rows.ts'

interface Behind {
  readonly lag: Figure | null
}

/** Trouble where a row is further behind than it may be. A row without lag is not. */
export function lagOverLimit(rows: readonly Behind[], max: number | undefined): CheckFailed | undefined {
  if (max === undefined) return undefined
  const lags = rows.flatMap(({ lag }) => (lag !== null && isKnown(lag) ? [lag.value] : []))
  const over = lags.filter((lag) => lag > max)
  if (over.length === 0) return undefined
  const worst = over.reduce((a, b) => (a > b ? a : b))
  return new CheckFailed('lag-over-limit', `${over.length} of ${rows.length} rows lag by more than ${max}`, {
    hint: `the largest lag is ${worst}`,
    details: { max, over: over.length, rows: rows.length, worst },
  })
}

/** What nobody may overlook among many rows. */
export function lagNotes(rows: readonly LagRow[]): string[] {
  const losing = rows.filter(({ lost }) => lost !== null && lost > 0)
  const ahead = rows.filter(isAhead)
  return [
    ...noteOf(losing, 'the commit is below the log start: what was retained there is gone unread'),
    ...noteOf(ahead, 'the commit is beyond the end: the log was cut, or the topic made anew'),
  ]
}

const NAMED = 3

function noteOf(rows: readonly LagRow[], finding: string): string[] {
  if (rows.length === 0) return []
  const named = rows.slice(0, NAMED).map(({ group, topic, partition }) => `${group} in ${topic}:${partition}`)
  const more = rows.length > NAMED ? ` and ${rows.length - NAMED} more` : ''
  return [`${named.join(', ')}${more}: ${finding}`]
}
