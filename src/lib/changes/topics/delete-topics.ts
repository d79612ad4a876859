import { type Change, newPlan, type Plan } from '../../model/plan.ts'
import type { TopicsChanger } from '../../model/topics-changer.ts'
import { isSame, topicAsPlan, topicPlans } from '../../operations/topics/topic-value.ts'
import { readTopicValue } from './read-topic-value.ts'
import { stateOfPlan, topicStatesNow } from './topic-states-now.ts'

export function deleteTopicsChange(topics: TopicsChanger): Change {
  return {
    kind: topicPlans.delete,
    isIrreversible: true,
    now: topicStatesNow(topics),
    perform: (_plan, steps) => topics.delete(steps.map(({ item }) => item)),
    standing: (step, now) => {
      const state = stateOfPlan(now)
      if (state === null) return 'after'
      return isSame(readTopicValue(step, step.before), state) ? 'before' : 'stale'
    },
    inverse: recreation,
    shown: (step) => {
      if (step.before === null) return step
      const { partitions, replicationFactor, configs } = readTopicValue(step, step.before)
      return { before: { partitions, replicationFactor, configs }, after: null }
    },
  }
}

/** The topics come back; their records do not. */
function recreation(plan: Plan): Plan {
  const steps = plan.steps.map((step) => {
    const { topicId: _gone, ...after } = readTopicValue(step, step.before)
    return { item: step.item, action: 'create', before: null, after: topicAsPlan(after) }
  })
  return newPlan(topicPlans.create, plan, steps.reverse(), {
    warnings: ['this makes the topics anew, and empty: their records are gone'],
  })
}
