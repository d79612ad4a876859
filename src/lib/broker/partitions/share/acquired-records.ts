/** Records in a row that a member has got, and how often somebody has. */
export interface AcquiredRecords {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly deliveryCount: number
}

export function countOf(acquired: readonly AcquiredRecords[]): number {
  return acquired.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0)
}

/** Neighbours that were delivered equally often as one. */
export function joined(acquired: readonly AcquiredRecords[]): AcquiredRecords[] {
  const runs: AcquiredRecords[] = []
  for (const records of acquired) {
    const last = runs.at(-1)
    const isNext =
      last?.lastOffset === records.firstOffset - 1 && last.deliveryCount === records.deliveryCount
    if (last !== undefined && isNext) runs[runs.length - 1] = { ...last, lastOffset: records.lastOffset }
    else runs.push(records)
  }
  return runs
}
