import { DataError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import type { PlanValue } from '../model/plan.ts'

const MAX_INT = 2 ** 31 - 1

/** `orders:3`; a plan out of a file may say anything, and a number beyond the wire's would be another one there. */
export function partitionOf(item: string): TopicPartition {
  const [, topic, digits] = /^([^:]+):(\d{1,10})$/.exec(item) ?? []
  const partition = Number(digits)
  if (topic === undefined || !isId(partition)) throw malformed(`"${item}" is no partition of a topic`, item)
  return { topic, partition }
}

/** Of one end of a step that moves replicas. */
export function replicaList(value: PlanValue): readonly number[] {
  const isList = Array.isArray(value) && value.length > 0 && value.every(isId)
  if (isList && new Set(value).size === value.length) return value
  throw malformed(`${JSON.stringify(value).slice(0, 100)} is no list of different brokers`, value)
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT
}

function malformed(reason: string, value: PlanValue): DataError {
  return new DataError('malformed-plan', `the plan cannot be done: ${reason}`, {
    hint: 'make the plan anew',
    details: { value },
  })
}
