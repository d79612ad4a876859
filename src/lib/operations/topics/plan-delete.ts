import { KtoolError } from '../../errors.ts'
import { noSuchTopic } from '../../model/not-found.ts'
import { newPlan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import { isInternalTopic } from '../../model/topics.ts'
import type { TopicState, TopicsChanger } from '../../model/topics-changer.ts'
import { topicAsPlan, topicPlans, valueOfState } from './topic-value.ts'

/** Topics that are to go; one that is not there is a failure, unless that is as well. */
export async function planDelete(
  changer: TopicsChanger,
  topics: readonly string[],
  { ifExists }: { readonly ifExists: boolean },
  origin: PlanOrigin,
): Promise<Planned> {
  const states = await changer.states(topics)
  const steps: Step[] = []
  const failures: { item: string; error: KtoolError }[] = []
  for (const { item, outcome } of states) {
    if (outcome instanceof KtoolError) failures.push({ item, error: outcome })
    else if (outcome !== null || ifExists) steps.push(stepOf(item, outcome))
    else failures.push({ item, error: noSuchTopic(item) })
  }
  return { plan: newPlan(topicPlans.delete, origin, steps, { warnings: warnings(steps) }), failures }
}

function stepOf(item: string, state: TopicState | null): Step {
  const before = state === null ? null : topicAsPlan(valueOfState(state))
  return { item, action: 'delete', before, after: null }
}

function warnings(steps: readonly Step[]): string[] {
  const going = steps.filter(({ before }) => before !== null).map(({ item }) => item)
  if (going.length === 0) return []
  const internal = going.filter(isInternalTopic)
  const what = going.length === 1 ? `the records of ${going[0]}` : `the records of ${going.length} topics`
  return [
    `${what} will be gone for good, and what groups have committed there`,
    ...internal.map((topic) => `${topic} is where Kafka keeps its own: without it the cluster forgets`),
  ]
}
