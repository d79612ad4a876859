import { FailedError, KtoolError } from '../errors.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Change, Plan, PlanValue, Standing, Step } from '../model/plan.ts'
import { standingOf } from './standing.ts'

/** A step, and how its item stands to it; an error where that cannot be told. */
export interface Examined {
  readonly step: Step
  readonly standing: Standing | KtoolError
  /** What is there; null too where it cannot be told. */
  readonly now: PlanValue
}

/** Looks at all steps' items at once. */
export async function examine(change: Change, plan: Plan, steps: readonly Step[]): Promise<Examined[]> {
  const outcomes = await outcomesOf(steps, () => change.now(plan, steps))
  return steps.map((step, i) => {
    const now = outcomes[i]?.outcome ?? null
    if (now instanceof KtoolError) return { step, standing: now, now: null }
    return { step, standing: standingOf(change, step, now), now }
  })
}

/** What ends a question as a whole is the outcome of each of its steps. */
export async function outcomesOf<T extends PlanValue>(
  steps: readonly Step[],
  ask: () => Promise<readonly Outcome<T>[]>,
): Promise<readonly Outcome<T>[]> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    return steps.map(({ item }) => ({ item, outcome: error }))
  }
}

export function stale({ item }: Step): FailedError {
  return new FailedError('stale-plan', `${item} has changed since the plan was made`, {
    hint: 'make the plan anew, and look whether it is still what you want',
    details: { item },
  })
}
