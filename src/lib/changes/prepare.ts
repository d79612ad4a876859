import { FailedError, KtoolError } from '../errors.ts'
import type { Change, Plan, Step } from '../model/plan.ts'
import { examine, outcomesOf, stale } from './examine.ts'
import { changesNothing } from './standing.ts'
import { failed, type StepResult } from './step-result.ts'

/** What of a plan is to be done, and what is settled without doing anything. */
export interface Prepared {
  readonly todo: readonly Step[]
  readonly settled: readonly StepResult[]
}

/** A plan that was made a moment ago is believed; the cluster may say what it would refuse. */
export async function prepare(change: Change, plan: Plan): Promise<Prepared> {
  const unchanged = plan.steps.filter(changesNothing)
  const todo = plan.steps.filter((step) => !changesNothing(step))
  return tried(change, plan, todo, unchanged.map(asUnchanged))
}

/** A plan out of a file: nothing of it is done where the cluster is another one, or not all of it fits any more. */
export async function prepareKept(change: Change, plan: Plan, clusterId: string | null): Promise<Prepared> {
  mustBeMeant(plan, clusterId)
  const examined = await examine(change, plan, plan.steps)
  for (const { standing } of examined) if (standing instanceof KtoolError) throw standing
  const strange = examined.filter(({ standing }) => standing === 'stale')
  if (strange.length > 0) throw wholeStale(strange.map(({ step }) => step))
  const isTodo = ({ standing }: (typeof examined)[number]) => standing === 'before'
  const settled = examined
    .filter((each) => !isTodo(each))
    .map(({ step, standing }) => (standing === 'underway' ? started(step) : asUnchanged(step)))
  return tried(
    change,
    plan,
    examined.filter(isTodo).map(({ step }) => step),
    settled,
  )
}

/** Once more, when a person has thought about it for a while. */
export async function refresh(change: Change, plan: Plan, { todo, settled }: Prepared): Promise<Prepared> {
  const examined = await examine(change, plan, todo)
  return {
    todo: examined.filter(({ standing }) => standing === 'before').map(({ step }) => step),
    settled: [
      ...settled,
      ...examined.flatMap(({ step, standing }) => {
        if (standing instanceof KtoolError) return [failed(step, standing)]
        if (standing === 'stale') return [failed(step, stale(step))]
        if (standing === 'underway') return [started(step)]
        return standing === 'after' ? [asUnchanged(step)] : []
      }),
    ],
  }
}

async function tried(
  change: Change,
  plan: Plan,
  todo: readonly Step[],
  settled: readonly StepResult[],
): Promise<Prepared> {
  const { tryOut } = change
  if (tryOut === undefined || todo.length === 0) return { todo, settled }
  const outcomes = await outcomesOf(todo, () => tryOut(plan, todo))
  const refused = todo.flatMap((step, i) => {
    const outcome = outcomes[i]?.outcome
    return outcome instanceof KtoolError ? [failed(step, outcome)] : []
  })
  const without = new Set(refused.map(({ step }) => step))
  return { todo: todo.filter((step) => !without.has(step)), settled: [...settled, ...refused] }
}

function asUnchanged(step: Step): StepResult {
  return { step, status: 'unchanged' }
}

function started(step: Step): StepResult {
  return { step, status: 'started' }
}

function mustBeMeant(plan: Plan, clusterId: string | null): void {
  if (plan.clusterId === clusterId) return
  throw new FailedError(
    'wrong-cluster',
    `the plan is for the cluster ${plan.clusterId ?? 'without an id'}, and this is ${clusterId ?? 'one without an id'}`,
    {
      hint: 'name the cluster that it was made for with -b or -c, or make a plan for this one',
      details: { expected: plan.clusterId, found: clusterId },
    },
  )
}

function wholeStale(steps: readonly Step[]): FailedError {
  const items = steps.map(({ item }) => item)
  const shown = items.slice(0, 5).join(', ') + (items.length > 5 ? ` and ${items.length - 5} more` : '')
  return new FailedError(
    'stale-plan',
    `the cluster has changed since the plan was made: ${shown} ${items.length === 1 ? 'is' : 'are'} not as it says`,
    { hint: 'nothing was changed; make the plan anew', details: { items } },
  )
}
