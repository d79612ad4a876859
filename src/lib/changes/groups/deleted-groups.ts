import { KtoolError } from '../../errors.ts'
import type { GroupsChanger } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { type Change, isPlanObject, newPlan, type Plan, type PlanValue, type Step } from '../../model/plan.ts'
import { type GroupStanding, groupStandings, refusalOf } from '../../operations/group-standing.ts'
import { valueOfCommit } from '../../operations/plan-commits.ts'
import { COMMITS_KIND, commitsCsv } from './commits.ts'

export const DELETED_GROUPS_KIND = 'groups.delete'

/** Deletes groups with all that they have committed, and with nothing else: that much can be committed again. */
export function changeDeletedGroups(groups: GroupsChanger): Change {
  return {
    kind: DELETED_GROUPS_KIND,
    isIrreversible: false,
    shown: ({ before, after }) => ({ before: shownGroup(before), after: shownGroup(after) }),
    inverse: commitsAgain,
    keepsAlso: (undoing) => ({ extension: 'csv', text: commitsCsv(undoing) }),
    now: (_plan, steps) => groupsNow(groups, steps),
    perform: (_plan, steps) => deleteThem(groups, steps),
  }
}

/** What a plan says of a group that is there; null of one that is not. */
export function groupValue(standing: GroupStanding): PlanValue {
  const { type, places } = standing
  if (type === null) return null
  const commits = places.map((at) => [partitionName(at), valueOfCommit(standing.commitOf(at))])
  return { type, commits: Object.fromEntries(commits) }
}

async function groupsNow(groups: GroupsChanger, steps: readonly Step[]): Promise<Outcome<PlanValue>[]> {
  const standings = await groupStandings(
    groups.view,
    steps.map(({ item }) => item),
  )
  return standings.map(({ group, standing }) => ({
    item: group,
    outcome: standing instanceof KtoolError ? standing : groupValue(standing),
  }))
}

/** Their coordinators refuse groups with members; who they are they do not say. */
async function deleteThem(groups: GroupsChanger, steps: readonly Step[]): Promise<Outcome<null>[]> {
  const standings = await groupStandings(
    groups.view,
    steps.map(({ item }) => item),
  )
  const refused = new Map(
    standings.flatMap(({ group, standing }) => {
      const refusal = standing instanceof KtoolError ? standing : refusalOf(group, standing.members)
      return refusal === undefined ? [] : [[group, refusal] as const]
    }),
  )
  const free = steps.flatMap(({ item }) => (refused.has(item) ? [] : [item]))
  const deleted = new Map((await groups.delete(free)).map(({ item, outcome }) => [item, outcome]))
  return steps.map(({ item }) => ({ item, outcome: refused.get(item) ?? deleted.get(item) ?? null }))
}

function shownGroup(value: PlanValue): PlanValue {
  if (!isPlanObject(value)) return null
  const { type, commits } = value
  return { type: type ?? null, commits: isPlanObject(commits) ? Object.keys(commits).length : 0 }
}

/** A share group's start cannot be set before somebody has joined it. */
function commitsAgain(plan: Plan): Plan | null {
  const steps = plan.steps.flatMap(({ item: group, before }) => {
    if (!isPlanObject(before) || before.type === 'Share' || !isPlanObject(before.commits)) return []
    return Object.entries(before.commits).map(([place, value]) => {
      return { item: `${group} ${place}`, action: 'reset', before: null, after: value ?? null }
    })
  })
  return steps.length === 0 ? null : newPlan(COMMITS_KIND, plan, steps)
}
