import { KtoolError } from '../../errors.ts'
import type { GroupsChanger, NewCommit, OldCommit } from '../../model/groups-changer.ts'
import type { Outcome } from '../../model/outcome.ts'
import {
  type Change,
  newPlan,
  type Plan,
  type Planned,
  type PlanOrigin,
  type PlanValue,
  type Step,
} from '../../model/plan.ts'
import { type GroupStanding, groupStandings, refusalOf } from '../../operations/group-standing.ts'
import { offsetCsvLine } from '../../operations/offset-csv.ts'
import {
  commitIn,
  commitStanding,
  placeOf,
  shownCommit,
  valueOfCommit,
} from '../../operations/plan-commits.ts'

export const COMMITS_KIND = 'groups.commits'

/** What was thought out, as a plan. */
export function planOfCommits<Row>(
  origin: PlanOrigin,
  planned: PlannedSteps & { readonly rows: readonly Row[] },
): Planned & { readonly rows: readonly Row[] } {
  const { steps, warnings, failures, rows } = planned
  return { plan: newPlan(COMMITS_KIND, origin, steps, { warnings }), failures, rows }
}

interface PlannedSteps extends Pick<Plan, 'steps' | 'warnings'>, Pick<Planned, 'failures'> {}

/** Steps whose commits go in one request a group. */
const AT_ONCE = 5000

/** Sets what groups have committed, or takes it away: resets, imports, clones, and what undoes them. */
export function changeCommits(groups: GroupsChanger): Change {
  return {
    kind: COMMITS_KIND,
    isIrreversible: false,
    atOnce: AT_ONCE,
    standing: commitStanding,
    shown: shownCommit,
    keepsAlso: (undoing) => ({ extension: 'csv', text: commitsCsv(undoing) }),
    now: (_plan, steps) => commitsNow(groups, steps),
    perform: (_plan, steps) => setCommits(groups, steps),
  }
}

async function commitsNow(groups: GroupsChanger, steps: readonly Step[]): Promise<Outcome<PlanValue>[]> {
  const standings = await standingsOf(groups, steps)
  return steps.map(({ item }) => {
    const place = placeOf(item)
    const standing = standings.get(place.group)
    if (standing instanceof KtoolError) return { item, outcome: standing }
    return { item, outcome: valueOfCommit(standing?.commitOf(place) ?? null) }
  })
}

/** Each group is looked at once more, right before: between the plan and this somebody may have started it. */
async function setCommits(groups: GroupsChanger, steps: readonly Step[]): Promise<Outcome<null>[]> {
  const standings = await standingsOf(groups, steps)
  const refused = new Map<Step, KtoolError>()
  const commits: (NewCommit & { readonly step: Step })[] = []
  const gone: (OldCommit & { readonly step: Step })[] = []
  for (const step of steps) {
    const place = placeOf(step.item)
    const standing = standings.get(place.group)
    const commit = commitIn(step.after, step.item)
    const refusal = standing instanceof KtoolError ? standing : refusalFor(standing, commit !== null)
    const type = standing instanceof KtoolError ? null : (standing?.type ?? null)
    if (refusal !== undefined) refused.set(step, refusal)
    else if (commit === null) gone.push({ ...place, type, step })
    else commits.push({ ...place, type, ...commit, step })
  }
  const committed = commits.length === 0 ? [] : await groups.commit(commits)
  const deleted = gone.length === 0 ? [] : await groups.deleteCommits(gone)
  const outcomes = new Map([
    ...commits.map(({ step }, i) => [step, committed[i]?.outcome ?? null] as const),
    ...gone.map(({ step }, i) => [step, deleted[i]?.outcome ?? null] as const),
  ])
  return steps.map((step) => ({ item: step.item, outcome: refused.get(step) ?? outcomes.get(step) ?? null }))
}

/** What a group forgets may be of a topic that its members do not read; its coordinator knows. */
function refusalFor(standing: GroupStanding | undefined, isSet: boolean): KtoolError | undefined {
  if (standing === undefined || !isSet) return undefined
  return refusalOf(standing.group, standing.members)
}

async function standingsOf(groups: GroupsChanger, steps: readonly Step[]) {
  const names = [...new Set(steps.map(({ item }) => placeOf(item).group))]
  const standings = await groupStandings(groups.view, names)
  return new Map(standings.map(({ group, standing }) => [group, standing]))
}

/** What was committed, for Kafka's own tools: what was not cannot be said there. */
export function commitsCsv({ steps }: Plan): string {
  const lines = steps.flatMap(({ item, after }) => {
    const commit = commitIn(after, item)
    return commit === null ? [] : [{ ...placeOf(item), offset: commit.offset }]
  })
  const isOne = new Set(lines.map(({ group }) => group)).size === 1
  return lines.map((line) => offsetCsvLine(line, !isOne)).join('')
}
