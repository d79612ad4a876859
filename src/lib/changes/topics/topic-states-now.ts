import { KtoolError } from '../../errors.ts'
import type { Change, PlanValue } from '../../model/plan.ts'
import type { TopicState, TopicsChanger } from '../../model/topics-changer.ts'

/** What the topics are that steps are about. */
export function topicStatesNow(topics: TopicsChanger): Change['now'] {
  return async (_plan, steps) => {
    const states = await topics.states(steps.map(({ item }) => item))
    return states.map(({ item, outcome }) => ({
      item,
      outcome: outcome instanceof KtoolError ? outcome : stateAsPlan(outcome),
    }))
  }
}

/** A state goes through a plan's hands as JSON. */
export function stateAsPlan(state: TopicState | null): PlanValue {
  return state === null ? null : { ...state }
}

export function stateOfPlan(value: PlanValue): TopicState | null {
  // Written by `stateAsPlan` a moment ago: it never was in a file.
  return value as unknown as TopicState | null
}
