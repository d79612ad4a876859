import { FailedError, KtoolError } from '../errors.ts'
import type { GroupsView } from '../model/groups.ts'
import type { FoundOffset, OffsetsView, PartitionOffsets } from '../model/offsets.ts'
import { byPartition, partitionName } from '../model/partitions.ts'
import type { Step } from '../model/plan.ts'
import { difference, type Offset } from './figures.ts'
import { type GroupStanding, groupStandings, refusalOf } from './group-standing.ts'
import { type CommitPlace, isSameOffset, itemOf, valueOfCommit } from './plan-commits.ts'
import { boundsOf, resetOffset, resetTo } from './reset-offset.ts'
import type { ResetQuestion, ResetTarget } from './reset-question.ts'
import { type Failure, type Wish, wishesOf } from './reset-wishes.ts'

export interface ResetViews {
  readonly groups: GroupsView
  readonly offsets: OffsetsView
}

/** What becomes of one commit, for people. */
export interface ResetRow extends CommitPlace {
  readonly before: Offset | null
  readonly after: Offset
  /** How far it moves; null where there was nothing before. */
  readonly difference: Offset | null
  readonly logStart: Offset
  readonly end: Offset
  readonly lagAfter: Offset
  readonly reason: string | null
}

export interface PlannedReset {
  readonly rows: readonly ResetRow[]
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
  readonly failures: readonly Failure[]
}

/** What a reset would do to each commit. What cannot be is a failure of its own; the others go on. */
export async function planReset(views: ResetViews, question: ResetQuestion): Promise<PlannedReset> {
  const { target } = question
  const source = target.kind === 'group' ? await standingOfSource(views.groups, target.group) : undefined
  const { free, failures: refused } = await freeGroups(views.groups, question.groups)
  const { wishes, failures: unheard } = await wishesOf(views.offsets, free, question, source)
  // Commits were read before: the other way round one that is made meanwhile would be beyond the end.
  const lookUp = await looked(views.offsets, wishes, target)
  const rows: ResetRow[] = []
  const steps: Step[] = []
  const failures = [...refused, ...unheard]
  for (const wish of [...wishes].sort(byPlace)) {
    const planned = planOne(wish, target, lookUp)
    if (planned instanceof KtoolError) failures.push({ item: itemOf(wish.place), error: planned })
    else {
      rows.push(planned.row)
      steps.push(planned.step)
    }
  }
  const newborn = free.filter(({ group, type }) => type === null && rows.some((row) => row.group === group))
  const warnings = [
    ...newborn.map(({ group }) => `there is no group "${group}" yet: its first commit makes it`),
    ...rows.flatMap((row) => (row.reason === null ? [] : [`${itemOf(row)}: ${row.reason}`])),
  ]
  return { rows, steps, warnings, failures }
}

/** Groups that nobody is in. */
async function freeGroups(view: GroupsView, groups: readonly string[]) {
  const free: GroupStanding[] = []
  const failures: Failure[] = []
  for (const { group, standing } of await groupStandings(view, groups)) {
    if (standing instanceof KtoolError) failures.push({ item: group, error: standing })
    else {
      const refusal = standing.type === 'Streams' ? isStreams() : refusalOf(group, standing.members)
      if (refusal === undefined) free.push(standing)
      else failures.push({ item: group, error: refusal })
    }
  }
  return { free, failures }
}

async function standingOfSource(view: GroupsView, group: string): Promise<GroupStanding> {
  const [found] = await groupStandings(view, [group])
  if (found === undefined || found.standing instanceof KtoolError) throw found?.standing ?? noSource(group)
  if (found.standing.type === null) throw noSource(group)
  return found.standing
}

interface LookUp {
  readonly ends: ReadonlyMap<string, PartitionOffsets>
  readonly times: ReadonlyMap<string, FoundOffset>
}

async function looked(view: OffsetsView, wishes: readonly Wish[], target: ResetTarget): Promise<LookUp> {
  const places = [...new Map(wishes.map(({ place }) => [partitionName(place), place])).values()]
  const partitions = places.map(({ topic, partition }) => ({ topic, partition }))
  const ends = await view.offsets(partitions)
  const times = target.kind === 'time' ? await view.find(partitions, target) : []
  return { ends: byKey(ends), times: byKey(times) }
}

function byKey<At extends { readonly topic: string; readonly partition: number }>(each: readonly At[]) {
  return new Map(each.map((at) => [partitionName(at), at]))
}

function planOne(
  { place, before, said }: Wish,
  target: ResetTarget,
  { ends, times }: LookUp,
): { readonly row: ResetRow; readonly step: Step } | KtoolError {
  const key = partitionName(place)
  const bounds = boundsOf(place, ends.get(key))
  if (bounds instanceof KtoolError) return bounds
  const reset =
    target.kind === 'file' || target.kind === 'group'
      ? resetTo(said ?? { offset: bounds.end, leaderEpoch: null, metadata: '' }, bounds)
      : resetOffset(target, { place, before, bounds, found: times.get(key) })
  if (reset instanceof KtoolError) return reset
  const { commit, warning } = reset
  const isSame = before !== null && isSameOffset(before.offset, commit.offset)
  const row = {
    ...place,
    before: before?.offset ?? null,
    after: commit.offset,
    difference: before === null ? null : difference(commit.offset, before.offset),
    logStart: bounds.start,
    end: bounds.end,
    lagAfter: atLeastZero(difference(bounds.end, commit.offset)),
    reason: warning,
  }
  const value = valueOfCommit(before)
  const step = {
    item: itemOf(place),
    action: 'reset',
    before: value,
    after: isSame ? value : valueOfCommit(commit),
  }
  return { row, step }
}

function atLeastZero(value: Offset): Offset {
  return value > 0 ? value : 0
}

function byPlace({ place: a }: Wish, { place: b }: Wish): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1
  return byPartition(a, b)
}

function isStreams(): FailedError {
  return new FailedError(
    'streams-group',
    'it is a streams group, whose own topics would have to be reset too',
    {
      hint: 'kafka-streams-groups.sh --reset-offsets does both',
    },
  )
}

function noSource(group: string): FailedError {
  return new FailedError('group-not-found', `there is no group "${group}" to take offsets from`, {
    hint: 'ktool groups list names them all',
  })
}
