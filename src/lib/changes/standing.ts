import { isDeepStrictEqual } from 'node:util'
import type { Change, PlanValue, Standing, Step } from '../model/plan.ts'

/** How what is there now stands to a step. What already is as it shall be comes first: nothing is done to it. */
export function standingOf(change: Change, step: Step, now: PlanValue): Standing {
  if (change.standing !== undefined) return change.standing(step, now)
  if (isDeepStrictEqual(now, step.after)) return 'after'
  return isDeepStrictEqual(now, step.before) ? 'before' : 'stale'
}

/** The plan itself says so, whatever is there by now. */
export function changesNothing({ before, after }: Step): boolean {
  return isDeepStrictEqual(before, after)
}
