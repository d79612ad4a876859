import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { noSuchTopic } from '../../model/not-found.ts'
import type { Planned, PlanOrigin } from '../../model/plan.ts'
import { planReassignment, type ReassignmentLimits } from './plan-reassignment.ts'

/** Another number of replicas for whole topics, with nothing else moved. */
export async function planReplicationFactor(
  changers: Pick<Changers, 'topics' | 'reassignments' | 'leaders'>,
  topics: readonly string[],
  replicationFactor: number,
  limits: ReassignmentLimits,
  origin: PlanOrigin,
): Promise<Planned> {
  const states = await changers.topics.states(topics)
  const failures = states.flatMap(({ item, outcome }) => {
    if (outcome instanceof KtoolError) return [{ item, error: outcome }]
    return outcome === null ? [{ item, error: noSuchTopic(item) }] : []
  })
  const wanted = new Set(topics)
  const goal = { drained: [], allowed: null, filled: null, replicationFactor, evensLeaders: false }
  const wish = { goal, mayMove: ({ topic }: { readonly topic: string }) => wanted.has(topic) }
  const planned = await planReassignment(changers, wish, limits, origin)
  return { plan: planned.plan, failures: [...failures, ...planned.failures] }
}
