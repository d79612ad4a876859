import { type Figure, isKnown } from '../model/figure.ts'
import type {
  CommittedOffset,
  GroupMember,
  GroupPositions,
  ShareOffset,
  TopicPartition,
} from '../model/groups.ts'
import type { PartitionOffsets } from '../model/offsets.ts'
import { byPartition, partitionName } from '../model/partitions.ts'
import { difference, type Offset } from './figures.ts'

/** Which records count: all that are replicated, or those of them that are not part of an open transaction. */
export type Isolation = 'uncommitted' | 'committed'

/** How far a group is behind in one partition. */
export interface LagRow extends TopicPartition {
  readonly group: string
  /** Of a share group: where it starts. */
  readonly committed: Offset | null
  readonly logStart: Figure
  readonly highWatermark: Figure
  readonly lastStable: Figure
  readonly logEnd: Figure
  /** The one of them that lag is counted to. */
  readonly end: Figure
  /** Null without a commit: a group that has not begun is not behind. */
  readonly lag: Figure | null
  /** Offsets that were committed and are gone before they could be read. */
  readonly lost: Offset | null
  readonly memberId: string | null
  readonly clientId: string | null
  readonly host: string | null
  readonly reason: string | null
  /** What would be read from the start, where there is no commit. */
  readonly potentialLag: Figure | null
  /** How old the first unread record is; null where nobody asked. */
  readonly timeLagMs: Figure | null
}

interface Standing extends TopicPartition {
  readonly offset: Offset | null
  readonly isPending: boolean
  readonly deliveredCount: number
  /** As the broker counts it. */
  readonly toldLag: Offset | null
  /** Why there is no offset. */
  readonly absence: string
  /** What comes of it where the log starts behind its offset. */
  readonly consequence: string
}

/** Every partition that is assigned to a member or has a commit is a row, whatever became of it. */
export function lagRows(
  positions: GroupPositions,
  offsetsOf: (partition: TopicPartition) => PartitionOffsets | undefined,
  isolation: Isolation,
): LagRow[] {
  const memberOf = membersByPartition(positions)
  return standings(positions).map((at) => {
    const offsets = offsetsOf(at) ?? notAsked(at)
    const member = memberOf.size === 0 ? undefined : memberOf.get(partitionName(at))
    return rowOf(positions.group, at, offsets, member, isolation)
  })
}

function standings({ members, commits, shares }: GroupPositions): Standing[] {
  const committed = [...commits.map(committedAt), ...shares.map(sharedAt)]
  const known = new Set(members.length === 0 ? [] : committed.map((at) => partitionName(at)))
  const assigned = members
    .flatMap(({ assignment }) => assignment)
    .filter((at) => !known.has(partitionName(at)))
  // Members of a share group have partitions together.
  const others = new Map(assigned.map((at) => [partitionName(at), assignedAt(at)]))
  return [...committed, ...others.values()].sort(byPartition)
}

const nothingDelivered = {
  ...{ deliveredCount: 0, toldLag: null },
  consequence: 'the next fetch is out of range',
} as const

function committedAt({ topic, partition, offset, isPending }: CommittedOffset): Standing {
  return { topic, partition, offset, isPending, ...nothingDelivered, absence: '' }
}

function sharedAt({ topic, partition, startOffset, deliveredCount, lag }: ShareOffset): Standing {
  const absence = 'nobody has fetched yet'
  return {
    topic,
    partition,
    offset: startOffset,
    isPending: false,
    deliveredCount: deliveredCount ?? 0,
    toldLag: lag,
    absence,
    consequence: 'the group goes on at the log start',
  }
}

function assignedAt({ topic, partition }: TopicPartition): Standing {
  return { topic, partition, offset: null, isPending: false, ...nothingDelivered, absence: 'no commit' }
}

/** Partitions that `lagRows` will ask for. */
export function partitionsOf({ members, commits, shares }: GroupPositions): TopicPartition[] {
  return [...members.flatMap(({ assignment }) => assignment), ...commits, ...shares]
}

function rowOf(
  group: string,
  at: Standing,
  offsets: PartitionOffsets,
  member: GroupMember | undefined,
  isolation: Isolation,
): LagRow {
  const { topic, partition, offset: committed } = at
  const { logStart, highWatermark, lastStable, logEnd } = offsets
  const end = endOf(offsets, committed, isolation)
  const lost = committed === null || !isKnown(logStart) ? null : atLeastZero(logStart.value, committed)
  return {
    group,
    topic,
    partition,
    committed,
    logStart,
    highWatermark,
    lastStable,
    logEnd,
    end,
    lag: lagOf(at, end, isolation),
    lost,
    memberId: member?.memberId ?? null,
    clientId: member?.clientId ?? null,
    host: member?.host ?? null,
    reason: offsets.reason ?? reasonOf(at, offsets, lost),
    potentialLag: committed === null && isKnown(logStart) ? lagTo(end, logStart.value, 0) : null,
    timeLagMs: null,
  }
}

/**
 * An end that is a lower bound may be behind a commit that was made since it was written down: what is
 * committed was readable, and so the end is at least that, as long as the log goes so far.
 */
function endOf(offsets: PartitionOffsets, committed: Offset | null, isolation: Isolation): Figure {
  const end = isolation === 'committed' ? offsets.lastStable : offsets.highWatermark
  const { logEnd } = offsets
  if (committed === null || !isKnown(end) || end.bound !== 'atLeast' || !isKnown(logEnd)) return end
  const isReadable = committed > end.value && committed <= logEnd.value
  return isReadable && isolation === 'uncommitted' ? { ...end, value: committed } : end
}

/** What a broker counts for a share group takes off what is done with, which nobody else knows; to the high watermark. */
function lagOf(
  { offset, toldLag, deliveredCount }: Standing,
  end: Figure,
  isolation: Isolation,
): Figure | null {
  if (offset === null) return null
  if (toldLag === null || isolation === 'committed') return lagTo(end, offset, deliveredCount)
  return { value: toldLag, from: 'broker', bound: 'exact' }
}

function lagTo(end: Figure, from: Offset, done: number): Figure {
  if (!isKnown(end)) return end
  const value = atLeastZero(difference(end.value, done), from)
  const { bound, reason } = end
  return reason === undefined ? { value, from: end.from, bound } : { value, from: end.from, bound, reason }
}

function reasonOf(
  { offset, isPending, absence, consequence }: Standing,
  offsets: PartitionOffsets,
  lost: Offset | null,
): string | null {
  if (offset === null) return absence
  const reasons: string[] = []
  if (lost !== null && lost > 0) {
    reasons.push(`${lost} offsets before the log start are gone: ${consequence}`)
  }
  const last = farthestEnd(offsets)
  if (isKnown(last) && offset > last.value) {
    const beyond = difference(offset, last.value)
    reasons.push(`the commit is ${beyond} beyond the end: the log was cut, or the topic made anew`)
  }
  if (isPending) reasons.push('an open transaction holds a commit')
  return reasons.length === 0 ? null : reasons.join('; ')
}

/** Whatever the end is that lag is counted to: behind this there is nothing that could have been read. */
function farthestEnd({ logEnd, highWatermark }: Pick<PartitionOffsets, 'logEnd' | 'highWatermark'>): Figure {
  return isKnown(logEnd) ? logEnd : highWatermark
}

/** The commit is of records that the partition does not have. */
export function isAhead(row: LagRow): boolean {
  const last = farthestEnd(row)
  return row.committed !== null && isKnown(last) && row.committed > last.value
}

function atLeastZero(a: Offset, b: Offset): Offset {
  const left = difference(a, b)
  return left > 0 ? left : 0
}

function membersByPartition({ members }: GroupPositions): Map<string, GroupMember> {
  return new Map(
    members.flatMap((member) => member.assignment.map((at) => [partitionName(at), member] as const)),
  )
}

function notAsked(at: TopicPartition): PartitionOffsets {
  const unknown: Figure = { unknown: true, reason: 'nobody has asked for it' }
  const { topic, partition } = at
  return {
    topic,
    partition,
    logStart: unknown,
    highWatermark: unknown,
    lastStable: unknown,
    logEnd: unknown,
    reason: unknown.reason,
  }
}
