import { CheckFailed } from '../errors.ts'
import type { GroupMember, GroupPositions } from '../model/groups.ts'
import { partitionName } from '../model/partitions.ts'
import {
  type CommitWindow,
  completeness,
  type PartitionStatus,
  type SeenCommit,
  statusOf,
} from './commit-window.ts'
import { difference, type Offset } from './figures.ts'

/** Burrow's words for a group, and our own where nobody has looked for long enough. */
export const groupStatuses = ['OK', 'UNKNOWN', 'WARN', 'ERR'] as const
export type GroupStatus = (typeof groupStatuses)[number]

/** Burrow's numbers; it has none for what it does not tell from OK. */
export const statusNumbers: Readonly<Record<GroupStatus | PartitionStatus, number>> = {
  UNKNOWN: 0,
  OK: 1,
  WARN: 2,
  ERR: 3,
  STOP: 4,
  STALL: 5,
  REWIND: 6,
}

export interface PartitionStatusRow {
  readonly group: string
  readonly topic: string
  readonly partition: number
  /** Where the member runs that has the partition. */
  readonly owner: string | null
  readonly clientId: string | null
  readonly status: PartitionStatus
  readonly start: SeenCommit | null
  readonly end: SeenCommit | null
  readonly currentLag: Offset | null
  /** How much of the window there is, from 0 to 1. */
  readonly complete: number
}

export interface GroupStatusRow {
  readonly group: string
  readonly status: GroupStatus
  readonly complete: number
  readonly partitionCount: number
  /** Of the partition that is furthest behind. */
  readonly maxLag: Offset | null
  readonly totalLag: Offset | null
  /** The worst of them, as `STALL orders:3`; null where all is well. */
  readonly worst: string | null
  readonly partitions: readonly PartitionStatusRow[]
}

/** What was seen of a partition. */
export interface SeenPartition {
  readonly topic: string
  readonly partition: number
  readonly window: CommitWindow
}

export function groupStatus(
  positions: GroupPositions,
  seen: readonly SeenPartition[],
  allowedLag: number,
): GroupStatusRow {
  const owners = ownersOf(positions)
  const partitions = seen.map(({ topic, partition, window }): PartitionStatusRow => {
    const owner = owners.get(partitionName({ topic, partition }))
    return {
      ...{ group: positions.group, topic, partition },
      owner: owner?.host ?? null,
      clientId: owner?.clientId ?? null,
      status: statusOf(window, allowedLag),
      start: window.commits[0] ?? null,
      end: window.commits.at(-1) ?? null,
      currentLag: window.currentLag,
      complete: completeness(window),
    }
  })
  const worst = worstOf(partitions)
  const lags = partitions.flatMap(({ currentLag }) => (currentLag === null ? [] : [currentLag]))
  return {
    group: positions.group,
    status: worst === undefined ? 'UNKNOWN' : ofGroup(worst.status),
    complete: partitions.length === 0 ? 0 : share(partitions, ({ complete }) => complete === 1),
    partitionCount: partitions.length,
    maxLag: lags.reduce<Offset | null>((most, lag) => (most === null || lag > most ? lag : most), null),
    totalLag: lags.length === 0 ? null : lags.reduce((sum, lag) => difference(sum, difference(0, lag))),
    worst:
      worst === undefined || worst.status === 'OK'
        ? null
        : `${worst.status} ${worst.topic}:${worst.partition}`,
    partitions,
  }
}

/** Trouble from WARN up. */
export function statusTrouble(rows: readonly GroupStatusRow[]): CheckFailed | undefined {
  const ill = rows.filter(({ status }) => status === 'WARN' || status === 'ERR')
  if (ill.length === 0) return undefined
  const named = ill.slice(0, 3).map(({ group, worst }) => `${group} (${worst})`)
  const more = ill.length > 3 ? ` and ${ill.length - 3} more` : ''
  return new CheckFailed(
    'groups-not-well',
    `${ill.length} of ${rows.length} groups are not well: ${named.join(', ')}${more}`,
    {
      hint: 'ktool groups status --partitions shows what was seen of each partition',
      details: { groups: ill.map(({ group, status }) => ({ group, status })) },
    },
  )
}

function ofGroup(status: PartitionStatus): GroupStatus {
  return status === 'STOP' || status === 'STALL' || status === 'REWIND' ? 'ERR' : status
}

/** By Burrow's numbers; not to know is worse than OK, and better than to know of trouble. */
function worstOf(partitions: readonly PartitionStatusRow[]): PartitionStatusRow | undefined {
  const badness = ({ status }: PartitionStatusRow) => (status === 'UNKNOWN' ? 1.5 : statusNumbers[status])
  return partitions.reduce<PartitionStatusRow | undefined>(
    (worst, each) => (worst === undefined || badness(each) > badness(worst) ? each : worst),
    undefined,
  )
}

function ownersOf({ members }: GroupPositions): Map<string, GroupMember> {
  return new Map(
    members.flatMap((member) => member.assignment.map((at) => [partitionName(at), member] as const)),
  )
}

function share<T>(all: readonly T[], isCounted: (each: T) => boolean): number {
  return all.filter(isCounted).length / all.length
}
