import type { Figure } from '../model/figure.ts'
import { largestOf, sumOf } from './figures.ts'
import type { LagRow } from './lag-rows.ts'

export type LagBy = 'topic' | 'member' | 'group'

/** Lag of several partitions together; what it does not tell apart is null. */
export interface LagSum {
  readonly group: string
  readonly topic: string | null
  readonly memberId: string | null
  readonly clientId: string | null
  readonly host: string | null
  readonly partitions: number
  /** Of those that have a commit; null where none has. */
  readonly lag: Figure | null
  /** Of the partition that is furthest behind. */
  readonly maxLag: Figure | null
  /** How many of the partitions have no commit, or no end that is known. */
  readonly withoutLag: number
}

export function lagSums(rows: readonly LagRow[], by: LagBy): LagSum[] {
  const parts = new Map<string, LagRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.group, partKey(row, by)])
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [row])
    else part.push(row)
  }
  return [...parts.values()].flatMap((part) => lagSum(part, by))
}

function partKey({ topic, memberId }: LagRow, by: LagBy): string | null {
  if (by === 'group') return null
  return by === 'topic' ? topic : memberId
}

function lagSum(rows: readonly LagRow[], by: LagBy): LagSum[] {
  const [first] = rows
  if (first === undefined) return []
  const lags = rows.map(({ lag }) => lag)
  // A partition without a commit is not behind: it takes nothing away from the sum of the others.
  const counted = lags.filter((lag) => lag !== null)
  const ofMember = by === 'member' ? first : { memberId: null, clientId: null, host: null }
  return [
    {
      group: first.group,
      topic: by === 'topic' ? first.topic : null,
      memberId: ofMember.memberId,
      clientId: ofMember.clientId,
      host: ofMember.host,
      partitions: rows.length,
      lag: sumOf(counted),
      maxLag: largestOf(counted),
      withoutLag: lags.filter((lag) => lag === null || 'unknown' in lag).length,
    },
  ]
}
