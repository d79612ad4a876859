import type { Changers } from '../../model/changers.ts'
import { partitionName } from '../../model/partitions.ts'
import { type Change, isPlanObject, newPlan, type Plan, type Step } from '../../model/plan.ts'
import type { Reassignment } from '../../model/reassignments.ts'
import { partitionOf, replicaList } from '../../operations/partition-item.ts'
import { originOf, targetOf } from '../../operations/reassign-progress.ts'
import { REASSIGN } from './reassign-change.ts'
import { replicasNow } from './replicas-now.ts'

export const CANCEL = 'reassign.cancel'

/** Cancels whatever is under way: Kafka then takes the new replicas away again. */
export function cancelChange(changers: Pick<Changers, 'reassignments' | 'leaders'>): Change {
  return {
    kind: CANCEL,
    isIrreversible: false,
    atOnce: 1000,
    now: (_plan, steps) => replicasNow(changers, steps),
    standing: ({ after }, now) => {
      if (isPlanObject(now) && 'target' in now) return 'before'
      // What was done before it could be cancelled is no cancelling.
      return isSameSet(replicaList(now), replicaList(after)) ? 'after' : 'stale'
    },
    inverse: begunAnew,
    perform: (_plan, steps) =>
      changers.reassignments.reassign(steps.map(({ item }) => ({ ...partitionOf(item), replicas: null }))),
  }
}

export function cancelSteps(underWay: readonly Reassignment[]): Step[] {
  return underWay.map((each) => ({
    item: partitionName(each),
    action: 'cancel',
    before: targetOf(each),
    after: originOf(each),
  }))
}

/** In whatever order: that is not remembered. */
function isSameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}

function begunAnew(plan: Plan): Plan {
  const steps = plan.steps.map((step) => ({
    ...step,
    action: 'move',
    before: step.after,
    after: step.before,
  }))
  return newPlan(REASSIGN, plan, steps)
}
