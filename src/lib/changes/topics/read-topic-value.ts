import { DataError } from '../../errors.ts'
import { isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'
import type { TopicValue } from '../../operations/topics/topic-value.ts'

/** A topic out of a plan, which may be a file that somebody has edited. */
export function readTopicValue({ item }: Step, value: PlanValue): TopicValue {
  if (!isPlanObject(value)) throw malformed(item, 'is no topic')
  const { partitions, replicationFactor, configs, assignment, topicId } = value
  if (!isCount(partitions) || !isCount(replicationFactor)) {
    throw malformed(item, 'has no numbers of partitions and replicas')
  }
  if (configs !== null && !isTexts(configs)) throw malformed(item, 'has configs that are no texts')
  if (assignment !== undefined && !isAssignment(assignment)) {
    throw malformed(item, 'has an assignment that is no list of lists of broker ids')
  }
  return {
    partitions,
    replicationFactor,
    configs,
    ...(assignment === undefined ? {} : { assignment }),
    ...(typeof topicId === 'string' ? { topicId } : {}),
  }
}

export function isAssignment(value: PlanValue | undefined): value is readonly (readonly number[])[] {
  return Array.isArray(value) && value.every((each) => Array.isArray(each) && each.every(Number.isInteger))
}

function isTexts(value: PlanValue | undefined): value is Readonly<Record<string, string>> {
  return isPlanObject(value) && Object.values(value).every((each) => typeof each === 'string')
}

function isCount(value: PlanValue | undefined): value is number {
  return Number.isInteger(value)
}

export function malformed(item: string, how: string): DataError {
  return new DataError('malformed-plan', `the step of ${item} cannot be done: it ${how}`, {
    hint: 'plans are written by --plan-out FILE',
    details: { item },
  })
}
