import { KtoolError } from '../errors.ts'
import type { GroupPositions, GroupsView } from '../model/groups.ts'
import { failuresIn } from '../model/outcome.ts'
import { byPartition } from '../model/partitions.ts'
import { allGroups } from './choose-groups.ts'
import type { OffsetLine } from './offset-csv.ts'
import type { Failure } from './reset-wishes.ts'

export interface ExportedOffset extends OffsetLine {
  readonly leaderEpoch: number | null
  readonly metadata: string
}

export interface ExportedOffsets {
  readonly rows: readonly ExportedOffset[]
  readonly failures: readonly Failure[]
}

/** What groups have committed, or all of them if none is named. */
export async function exportOffsets(
  view: GroupsView,
  groups: readonly string[] | undefined,
  topics: readonly string[] | undefined,
): Promise<ExportedOffsets> {
  const listed = groups === undefined ? await allGroups(view, () => true) : { groups, failures: [] }
  const positions = await view.positions(listed.groups)
  const failures = failuresIn(positions)
  const rows = positions.flatMap(({ outcome }) => (outcome instanceof KtoolError ? [] : offsetsOf(outcome)))
  return {
    rows: rows.filter(({ topic }) => topics === undefined || topics.includes(topic)).sort(byPlace),
    failures: [...listed.failures, ...failures],
  }
}

function offsetsOf({ group, commits, shares }: GroupPositions): ExportedOffset[] {
  const starts = shares.flatMap(({ topic, partition, startOffset }) =>
    startOffset === null
      ? []
      : [{ group, topic, partition, offset: startOffset, leaderEpoch: null, metadata: '' }],
  )
  const offsets = commits.map(({ topic, partition, offset, leaderEpoch, metadata }) => {
    return { group, topic, partition, offset, leaderEpoch, metadata }
  })
  return [...offsets, ...starts]
}

function byPlace(a: OffsetLine, b: OffsetLine): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1
  return byPartition(a, b)
}
