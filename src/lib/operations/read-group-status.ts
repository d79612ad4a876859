import { KtoolError } from '../errors.ts'
import { isKnown } from '../model/figure.ts'
import type { CommittedOffset, GroupPositions, GroupsView } from '../model/groups.ts'
import type { OffsetsView, PartitionOffsets } from '../model/offsets.ts'
import { failuresIn, foundIn } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { RecordsView } from '../model/records.ts'
import {
  COMMITS_TOPIC,
  type CommitHistories,
  openCommits,
  type ReadCommit,
  readHistories,
} from './commit-history.ts'
import type { CommitWindow } from './commit-window.ts'
import { EndsByTime } from './ends-by-time.ts'
import { difference, type Offset } from './figures.ts'
import { type GroupStatusRow, groupStatus, type SeenPartition } from './group-status.ts'
import type { Failure } from './reset-wishes.ts'

export interface StatusViews {
  readonly groups: GroupsView
  readonly offsets: OffsetsView
  readonly records: RecordsView
}

export interface StatusQuestion {
  readonly groups: readonly string[]
  readonly allowedLag: number
  /** How many commits of a partition are looked at. */
  readonly window: number
  /** Nothing takes the time of the last commit that is there: a disk that was left behind knows no other present. */
  readonly nowMs: number | null
  readonly read: ReadCommit
  /** Which partition of the commits' topic keeps a group, of so many. */
  readonly partitionOf: (group: string, count: number) => number
}

export interface Statuses {
  readonly rows: readonly GroupStatusRow[]
  readonly failures: readonly Failure[]
  /** Of which time they are. */
  readonly atMs: number
}

/** An end from so long ago counts as recent: Burrow keeps ten, one each ten seconds. */
const RECENTLY_MS = 100_000

/** By the commits that the groups' coordinators have written down. */
export async function readGroupStatus(views: StatusViews, question: StatusQuestion): Promise<Statuses> {
  const histories = await historiesOf(views, question)
  const positions = await views.groups.positions(question.groups)
  const known = foundIn(positions)
  const ends = await endsOf(views.offsets, known)
  const times = new EndsByTime(views.records)
  const atMs = question.nowMs ?? lastCommitMs(histories)
  const rows = await Promise.all(
    known.map(async (each) => {
      const own = histories.get(each.group) ?? new Map()
      const seen = each.commits.map((commit) => {
        const key = partitionName(commit)
        return seenPartition(commit, own.get(key) ?? [], ends.get(key), times, { ...question, nowMs: atMs })
      })
      return groupStatus(each, await Promise.all(seen), question.allowedLag)
    }),
  )
  const failures = failuresIn(positions)
  return { rows, failures, atMs }
}

function lastCommitMs(histories: CommitHistories): number {
  const own = [...histories.values()].flatMap((partitions) => [...partitions.values()])
  return own.reduce((last, commits) => Math.max(last, commits.at(-1)?.timestampMs ?? 0), 0)
}

/** Each partition of the commits' topic is read once for all of its groups. */
async function historiesOf(views: StatusViews, question: StatusQuestion): Promise<CommitHistories> {
  const count = (await views.offsets.partitions(COMMITS_TOPIC))?.length ?? 0
  const positions = await views.groups.positions(question.groups)
  const byPartition = new Map<number, Map<string, Set<string>>>()
  for (const { item, outcome } of positions) {
    if (outcome instanceof KtoolError || count === 0) continue
    const partition = question.partitionOf(item, count)
    const own = byPartition.get(partition) ?? new Map<string, Set<string>>()
    byPartition.set(partition, own)
    own.set(item, new Set(outcome.commits.map((at) => partitionName(at))))
  }
  const parts = await Promise.all(
    [...byPartition].map(async ([partition, groups]) => {
      const opened = await openCommits(views.records, partition)
      return readHistories(opened, { groups, size: question.window, read: question.read })
    }),
  )
  return new Map(parts.flatMap((part) => [...part]))
}

async function seenPartition(
  { topic, partition, offset }: CommittedOffset,
  history: readonly { readonly offset: Offset; readonly timestampMs: number }[],
  ends: PartitionOffsets | undefined,
  times: EndsByTime,
  { window: size, nowMs, allowedLag }: StatusQuestion & { readonly nowMs: number },
): Promise<SeenPartition> {
  const currentLag = lagOf(ends, offset)
  const facts = { size, currentLag, nowMs, isPolled: false, isAbandoned: false }
  const isTold = history.length >= size && currentLag !== null && currentLag > allowedLag
  // Who is up to date is well whatever was before, and a window with gaps tells nothing.
  if (!isTold) {
    const commits = history.map((commit) => ({ ...commit, lag: null }))
    return { topic, partition, window: { ...facts, commits, recentEnd: null } }
  }
  const [recentEnd, ...endsThen] = await times.find({ topic, partition }, [
    nowMs - RECENTLY_MS,
    ...history.map(({ timestampMs }) => timestampMs),
  ])
  const commits = history.map((commit, i) => ({ ...commit, lag: lagTo(endsThen[i] ?? null, commit.offset) }))
  const window: CommitWindow = { ...facts, commits, recentEnd: recentEnd ?? null }
  return { topic, partition, window }
}

export async function endsOf(view: OffsetsView, positions: readonly GroupPositions[]) {
  const places = new Map(
    positions.flatMap(({ commits }) =>
      commits.map(({ topic, partition }) => [partitionName({ topic, partition }), { topic, partition }]),
    ),
  )
  const found = await view.offsets([...places.values()])
  return new Map(found.map((each) => [partitionName(each), each]))
}

export function lagOf(ends: PartitionOffsets | undefined, offset: Offset): Offset | null {
  return ends === undefined || !isKnown(ends.highWatermark) ? null : lagTo(ends.highWatermark.value, offset)
}

function lagTo(end: Offset | null, offset: Offset): Offset | null {
  if (end === null) return null
  const lag = difference(end, offset)
  return lag > 0 ? lag : 0
}
