import { KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { type Change, isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'
import type { TopicsChanger } from '../../model/topics-changer.ts'
import { offsetAsPlan } from '../../operations/topics/plan-trim.ts'
import { topicPlans } from '../../operations/topics/topic-value.ts'
import { malformed } from './read-topic-value.ts'

export function trimTopicsChange(topics: TopicsChanger): Change {
  return {
    kind: topicPlans.trim,
    isIrreversible: true,
    now: async (_plan, steps) => {
      const starts = await topics.logStarts(steps.map(partitionOf))
      return starts.map(({ item, outcome }) => ({
        item,
        outcome: outcome instanceof KtoolError ? outcome : { logStart: offsetAsPlan(outcome) },
      }))
    },
    perform: async (_plan, steps) => {
      const outcomes = await topics.deleteRecords(
        steps.map((step) => ({ ...partitionOf(step), offset: logStartIn(step, step.after) })),
      )
      return outcomes.map(({ item, outcome }) => ({
        item,
        outcome: outcome instanceof KtoolError ? outcome : null,
      }))
    },
    // Retention may have been faster; what it took is as much gone.
    standing: (step, now) => {
      const logStart = logStartIn(step, now)
      if (logStart >= logStartIn(step, step.after)) return 'after'
      return logStart >= logStartIn(step, step.before) ? 'before' : 'stale'
    },
    inverse: () => null,
  }
}

/** `orders:3` */
function partitionOf({ item }: Step): TopicPartition {
  const [, topic, digits] = /^(.+):(\d{1,10})$/.exec(item) ?? []
  if (topic === undefined) throw malformed(item, 'names no partition')
  return { topic, partition: Number(digits) }
}

function logStartIn({ item }: Step, value: PlanValue): bigint {
  const logStart = isPlanObject(value) && 'logStart' in value ? value.logStart : null
  if (typeof logStart === 'number' && Number.isSafeInteger(logStart)) return BigInt(logStart)
  if (typeof logStart === 'string' && /^\d{1,19}$/.test(logStart)) return BigInt(logStart)
  throw malformed(item, 'has no offset')
}
