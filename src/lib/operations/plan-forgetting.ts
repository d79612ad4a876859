import { FailedError, KtoolError } from '../errors.ts'
import type { GroupsView } from '../model/groups.ts'
import type { Step } from '../model/plan.ts'
import { formatPartitions, includesPartition, type TopicPartitions } from '../values/partitions.ts'
import { type GroupStanding, groupStandings } from './group-standing.ts'
import { type CommitPlace, itemOf, valueOfCommit } from './plan-commits.ts'
import type { Failure } from './reset-wishes.ts'

export interface ForgottenRow extends CommitPlace {
  readonly difference: null
  readonly lagAfter: null
}

export interface PlannedForgetting {
  readonly rows: readonly ForgottenRow[]
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
  readonly failures: readonly Failure[]
}

/** Which commits a group is to forget: those of topics that are named, or of all. */
export async function planForgetting(
  view: GroupsView,
  group: string,
  topics: readonly TopicPartitions[] | undefined,
): Promise<PlannedForgetting> {
  const [found] = await groupStandings(view, [group])
  const standing = found?.standing ?? noGroup(group)
  if (standing instanceof KtoolError) return failed({ item: group, error: standing })
  if (standing.type === null) return failed({ item: group, error: noGroup(group) })
  const places = standing.places
    .filter(
      ({ topic, partition }) => topics === undefined || topics.some((each) => isIn(each, topic, partition)),
    )
    .map((at) => ({ group, ...at }))
  const idle = (topics ?? []).filter((each) => !places.some((at) => isIn(each, at.topic, at.partition)))
  return {
    rows: places.map((place) => ({ ...place, difference: null, lagAfter: null })),
    steps: places.map((place) => stepOf(place, standing)),
    warnings: standing.type === 'Share' ? wholeTopics(standing, places) : [],
    failures: idle.map((each) => ({ item: `${group} ${typed(each)}`, error: nothingThere(typed(each)) })),
  }
}

function stepOf(place: CommitPlace, standing: GroupStanding): Step {
  const before = valueOfCommit(standing.commitOf(place))
  return { item: itemOf(place), action: 'delete', before, after: null }
}

function isIn({ topic, ranges }: TopicPartitions, name: string, partition: number): boolean {
  return topic === name && (ranges === undefined || includesPartition(ranges, partition))
}

/** There is no way to say less to a broker. */
function wholeTopics({ places }: GroupStanding, forgotten: readonly CommitPlace[]): string[] {
  const topics = new Set(forgotten.map(({ topic }) => topic))
  const isWhole = places.filter(({ topic }) => topics.has(topic)).length === forgotten.length
  return isWhole ? [] : ['a share group forgets whole topics: the other partitions of them go too']
}

function failed(failure: Failure): PlannedForgetting {
  return { rows: [], steps: [], warnings: [], failures: [failure] }
}

function noGroup(group: string): FailedError {
  return new FailedError('group-not-found', `there is no group "${group}"`, {
    hint: 'ktool groups list names them all',
  })
}

function typed({ topic, ranges }: TopicPartitions): string {
  return ranges === undefined ? topic : `${topic}:${formatPartitions(ranges)}`
}

function nothingThere(name: string): FailedError {
  return new FailedError('no-commit', `nothing is committed for "${name}"`, {
    hint: 'ktool groups describe shows what is',
  })
}
