import { type Change, isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'
import type { MorePartitions, TopicsChanger } from '../../model/topics-changer.ts'
import { topicPlans } from '../../operations/topics/topic-value.ts'
import { isAssignment, malformed } from './read-topic-value.ts'
import { stateOfPlan, topicStatesNow } from './topic-states-now.ts'

export function addPartitionsChange(topics: TopicsChanger): Change {
  return {
    kind: topicPlans.addPartitions,
    isIrreversible: false,
    now: topicStatesNow(topics),
    perform: (_plan, steps) => topics.addPartitions(steps.map(morePartitions), false),
    tryOut: (_plan, steps) => topics.addPartitions(steps.map(morePartitions), true),
    standing: (step, now) => {
      const count = stateOfPlan(now)?.assignment.length
      if (count === partitionsIn(step, step.after)) return 'after'
      return count === partitionsIn(step, step.before) ? 'before' : 'stale'
    },
    // Nothing takes partitions away again.
    inverse: () => null,
  }
}

function morePartitions(step: Step): MorePartitions {
  const { item, after } = step
  const assignment = isPlanObject(after) && 'assignment' in after ? after.assignment : null
  if (assignment !== null && !isAssignment(assignment)) {
    throw malformed(item, 'has an assignment that is no list of lists of broker ids')
  }
  return { topic: item, partitions: partitionsIn(step, after), assignment }
}

function partitionsIn({ item }: Step, value: PlanValue): number {
  const partitions = isPlanObject(value) && 'partitions' in value ? value.partitions : null
  if (typeof partitions === 'number' && Number.isInteger(partitions)) return partitions
  throw malformed(item, 'has no number of partitions')
}
