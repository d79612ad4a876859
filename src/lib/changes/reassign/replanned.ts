import { DataError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Plan } from '../../model/plan.ts'
import { joinedMarks } from '../../operations/throttle.ts'
import type { ReassignmentLimits } from './plan-reassignment.ts'
import { moveOf, REASSIGN } from './reassign-change.ts'
import { marksLeftBy, reassignSettings, settingsValue } from './reassign-settings.ts'
import { marksFor } from './throttled.ts'

/** A plan out of a file, under the limits that were said now; those that it was made with hold where nothing was said. */
export async function replanned(
  { reassignments }: Pick<Changers, 'reassignments'>,
  plan: Plan,
  { throttleBytesPerSecond, diskThrottleBytesPerSecond, batch, formerMarks }: ReassignmentLimits,
  { isRollback = false } = {},
): Promise<Plan> {
  if (plan.kind !== REASSIGN) throw otherPlan(plan)
  const made = reassignSettings(plan)
  const rates = {
    throttleBytesPerSecond: throttleBytesPerSecond ?? made.throttleBytesPerSecond,
    diskThrottleBytesPerSecond: diskThrottleBytesPerSecond ?? made.diskThrottleBytesPerSecond,
  }
  const former = joinedMarks(formerMarks, marksLeftBy(plan))
  const fresh = await marksFor(reassignments, plan.steps.map(moveOf), rates)
  const throttles = joinedMarks(former, fresh)
  const settings = settingsValue({ ...rates, batch: batch ?? made.batch, throttles, isRollback })
  return { ...plan, settings }
}

function otherPlan({ kind }: Plan): DataError {
  return new DataError('not-a-reassignment', `the plan is of the kind "${kind}", and not of a reassignment`, {
    hint: 'ktool apply FILE does plans of every kind',
    details: { kind },
  })
}
