import { KtoolError } from '../../errors.ts'
import { type Change, newPlan, type Plan } from '../../model/plan.ts'
import type { TopicsChanger } from '../../model/topics-changer.ts'
import { isWanted, newTopicOf, topicPlans } from '../../operations/topics/topic-value.ts'
import { readTopicValue } from './read-topic-value.ts'
import { stateOfPlan, topicStatesNow } from './topic-states-now.ts'

export function createTopicsChange(topics: TopicsChanger): Change {
  return {
    kind: topicPlans.create,
    isIrreversible: false,
    now: topicStatesNow(topics),
    perform: async (_plan, steps) => {
      const outcomes = await topics.create(
        steps.map((step) => newTopicOf(step.item, readTopicValue(step, step.after))),
        false,
      )
      return outcomes.map(({ item, outcome }) => ({
        item,
        outcome: outcome instanceof KtoolError ? outcome : null,
      }))
    },
    standing: (step, now) => {
      const state = stateOfPlan(now)
      if (state === null) return 'before'
      return isWanted(readTopicValue(step, step.after), state) ? 'after' : 'stale'
    },
    inverse: deletion,
  }
}

function deletion(plan: Plan): Plan {
  const steps = plan.steps.map(({ item, after }) => ({ item, action: 'delete', before: after, after: null }))
  return newPlan(topicPlans.delete, plan, steps.reverse())
}
