import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import {
  type Change,
  isPlanObject,
  newPlan,
  type Plan,
  type PlanValue,
  type Standing,
  type Step,
} from '../../model/plan.ts'
import { logDirAt, replicaList } from '../../operations/partition-item.ts'
import { REASSIGN } from './reassign-change.ts'
import { asPlacedNow, placedOf, replicasNow } from './replicas-now.ts'

export const CANCEL = 'reassign.cancel'

/**
 * Cancels whatever is under way: Kafka then takes the new replicas away again. A replica that is on its way to another
 * disk stays where it is once it is told to be there.
 */
export function cancelChange(changers: Pick<Changers, 'reassignments' | 'leaders'>): Change {
  return {
    kind: CANCEL,
    isIrreversible: false,
    atOnce: 1000,
    now: (_plan, steps) => replicasNow(changers, steps),
    standing: standingOf,
    inverse: begunAnew,
    perform: (_plan, steps) => cancel(changers, steps),
  }
}

function standingOf(step: Step, now: PlanValue): Standing {
  if (isPlanObject(now) && 'target' in now) return 'before'
  const placed = asPlacedNow(now)
  const replicas = placed === undefined ? replicaList(now) : placed.replicas
  // What was done before it could be cancelled is no cancelling.
  if (!isSameSet(replicas, replicaList(step.after))) return 'stale'
  if (placed === undefined) return 'after'
  const { after } = placedOf(step)
  const named = replicas.filter((id) => logDirAt(after, id) !== undefined)
  if (named.some((id) => placed.futureLogDirOf(id) !== undefined)) return 'before'
  return named.every((id) => placed.logDirOf(id) === logDirAt(after, id)) ? 'after' : 'stale'
}

async function cancel(
  { reassignments }: Pick<Changers, 'reassignments'>,
  steps: readonly Step[],
): Promise<Outcome<null>[]> {
  const ends = steps.map(placedOf)
  const moving = ends.filter(({ before, after }) => !isSameSet(before.replicas, after.replicas))
  const back = ends.flatMap(({ at, after }) =>
    after.replicas.flatMap((broker) => {
      const logDir = logDirAt(after, broker)
      return logDir === undefined ? [] : [{ ...at, broker, logDir }]
    }),
  )
  const told = [
    ...(moving.length === 0
      ? []
      : await reassignments.reassign(moving.map(({ at }) => ({ ...at, replicas: null })))),
    ...(back.length === 0 ? [] : await reassignments.placeInLogDirs(back)),
  ]
  const items = [...moving.map(({ at }) => at), ...back].map(partitionName)
  return steps.map(({ item }) => {
    const errors = told.flatMap(({ outcome }, i) =>
      items[i] === item && outcome instanceof KtoolError ? [outcome] : [],
    )
    return { item, outcome: errors[0] ?? null }
  })
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
