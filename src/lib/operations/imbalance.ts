import type { LedPartition } from '../model/leaders.ts'

/** What a broker should lead, and what of that it leads. */
export interface BrokerImbalance {
  readonly broker: number
  /** Partitions whose first replica it is. */
  readonly preferred: number
  /** Partitions that it leads, whoever should. */
  readonly leading: number
  /** Of those that it should lead: led by another, or by nobody. */
  readonly imbalanced: number
  readonly leaderless: number
  /** Imbalanced of preferred. */
  readonly percent: number
}

export function preferredLeader({ replicas }: LedPartition): number | null {
  return replicas[0] ?? null
}

/** A partition without a leader is one of them. */
export function isImbalanced(partition: LedPartition): boolean {
  return partition.leader !== preferredLeader(partition)
}

/** For every broker that should lead something, or does. */
export function brokerImbalances(partitions: readonly LedPartition[]): BrokerImbalance[] {
  const rows = new Map<number, Tally>()
  const rowOf = (broker: number) => {
    const row = rows.get(broker) ?? emptyRow(broker)
    rows.set(broker, row)
    return row
  }
  for (const partition of partitions) {
    if (partition.leader !== null) rowOf(partition.leader).leading += 1
    const preferred = preferredLeader(partition)
    if (preferred === null) continue
    const row = rowOf(preferred)
    row.preferred += 1
    if (isImbalanced(partition)) row.imbalanced += 1
    if (partition.leader === null) row.leaderless += 1
  }
  for (const row of rows.values()) row.percent = percentOf(row)
  return [...rows.values()].sort((a, b) => a.broker - b.broker)
}

type Tally = { -readonly [Key in keyof BrokerImbalance]: BrokerImbalance[Key] }

function emptyRow(broker: number): Tally {
  return { broker, preferred: 0, leading: 0, imbalanced: 0, leaderless: 0, percent: 0 }
}

function percentOf({ imbalanced, preferred }: BrokerImbalance): number {
  return preferred === 0 ? 0 : Math.round((imbalanced / preferred) * 1000) / 10
}
