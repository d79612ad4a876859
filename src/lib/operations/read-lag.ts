import { type Figure, isKnown } from '../model/figure.ts'
import type { GroupPositions, GroupsView, TopicPartition } from '../model/groups.ts'
import type { OffsetsView, RecordTime } from '../model/offsets.ts'
import { failuresIn, type ItemFailure, isError, itemsIn, type Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { TransactionsView } from '../model/transactions.ts'
import type { Maybe } from '../model/views.ts'
import { difference } from './figures.ts'
import { withHolders } from './lag-holders.ts'
import { type Isolation, type LagRow, lagRows, partitionsOf } from './lag-rows.ts'

export interface LagQuestion {
  /** Nothing asks for all there are. */
  readonly groups: readonly string[] | undefined
  readonly topics: readonly string[] | undefined
  readonly isolation: Isolation
  /** The present, where lag in time is asked for. */
  readonly nowMs: number | undefined
}

export interface Lag {
  readonly rows: readonly LagRow[]
  readonly failures: readonly ItemFailure[]
}

export interface LagViews {
  readonly groups: GroupsView
  readonly offsets: OffsetsView
  /** Asked only for who holds the last stable offset back, where that is what counts. */
  readonly transactions: Maybe<TransactionsView>
}

/** Commits are read before ends: the other way round a group that keeps up would be ahead of the end. */
export async function readLag(views: LagViews, question: LagQuestion): Promise<Lag> {
  const named = question.groups ?? []
  const listed = question.groups === undefined ? await views.groups.list() : []
  const names = [...named, ...itemsIn(listed)]
  const positions = [...(await views.groups.positions(names)), ...listed.filter(isFailed)]
  const wanted = positions.flatMap(({ outcome }) =>
    isError(outcome) ? [] : partitionsOf(ofTopics(outcome as GroupPositions, question.topics)),
  )
  const offsets = await offsetsOf(views.offsets, wanted)
  const rows = positions.flatMap(({ outcome }) =>
    isError(outcome)
      ? []
      : lagRows(
          ofTopics(outcome as GroupPositions, question.topics),
          (at) => offsets.get(partitionName(at)),
          question.isolation,
        ),
  )
  return {
    rows: await withHolders(
      await timed(rows, views.offsets, question.nowMs),
      views.transactions.view,
      question.isolation,
    ),
    failures: failuresIn(positions),
  }
}

function isFailed<T>({ outcome }: Outcome<T>): boolean {
  return isError(outcome)
}

function ofTopics(positions: GroupPositions, topics: readonly string[] | undefined): GroupPositions {
  if (topics === undefined) return positions
  const isWanted = ({ topic }: TopicPartition) => topics.includes(topic)
  return {
    ...positions,
    members: positions.members.map((member) => ({
      ...member,
      assignment: member.assignment.filter(isWanted),
    })),
    commits: positions.commits.filter(isWanted),
    shares: positions.shares.filter(isWanted),
  }
}

async function offsetsOf(view: OffsetsView, wanted: readonly TopicPartition[]) {
  const each = new Map(wanted.map((at) => [partitionName(at), at]))
  const found = await view.offsets([...each.values()])
  return new Map(found.map((offsets) => [partitionName(offsets), offsets]))
}

async function timed(
  rows: readonly LagRow[],
  view: OffsetsView,
  nowMs: number | undefined,
): Promise<readonly LagRow[]> {
  if (nowMs === undefined) return rows
  const behind = rows.filter(({ lag }) => lag !== null && isKnown(lag) && lag.value > 0)
  const from = behind.map((row) => {
    const { topic, partition } = row
    return { topic, partition, offset: firstUnread(row) }
  })
  const times = await view.firstRecords(from)
  const ages = new Map(behind.map((row, i) => [row, ageOf(row, times[i], nowMs)]))
  return rows.map((row) => ({ ...row, timeLagMs: ages.get(row) ?? upToDate(row) }))
}

function firstUnread({ committed, logStart }: LagRow): number | bigint {
  const start = isKnown(logStart) ? logStart.value : 0
  return committed === null || committed < start ? start : committed
}

function ageOf({ lag }: LagRow, time: RecordTime | undefined, nowMs: number): Figure {
  const timestampMs = time?.timestampMs ?? null
  if (timestampMs === null || timestampMs < 0) {
    return { unknown: true, reason: time?.reason ?? 'the first unread record has no time' }
  }
  const from = lag !== null && isKnown(lag) ? lag.from : 'file'
  return { value: difference(nowMs, timestampMs), from, bound: 'exact' }
}

function upToDate({ lag }: LagRow): Figure | null {
  return lag !== null && isKnown(lag) && lag.value === 0
    ? { value: 0, from: lag.from, bound: lag.bound }
    : null
}
