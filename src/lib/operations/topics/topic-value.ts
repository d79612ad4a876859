import { isDeepStrictEqual } from 'node:util'
import type { PlanValue } from '../../model/plan.ts'
import type { NewTopic, TopicState } from '../../model/topics-changer.ts'
import { isSameText } from '../configs/config-value.ts'

/** Kinds of plans about topics. */
export const topicPlans = {
  create: 'topics.create',
  delete: 'topics.delete',
  addPartitions: 'topics.add-partitions',
  trim: 'topics.trim',
  apply: 'topics.apply',
} as const

/** A topic as plans have it. */
export interface TopicValue {
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>> | null
  /** Replicas of each partition, where they were chosen by hand. */
  readonly assignment?: readonly (readonly number[])[]
  readonly topicId?: string | null
}

export function valueOfState({ topicId, assignment, configs }: TopicState): TopicValue {
  return {
    partitions: assignment.length,
    replicationFactor: assignment[0]?.length ?? 0,
    configs,
    topicId,
  }
}

/** As a step has it. */
export function topicAsPlan(value: TopicValue): PlanValue {
  const { topicId, assignment, configs, ...rest } = value
  return {
    ...rest,
    configs: configs === null ? null : { ...configs },
    ...(assignment === undefined ? {} : { assignment: assignment.map((replicas) => [...replicas]) }),
    ...(typeof topicId === 'string' ? { topicId } : {}),
  }
}

export function newTopicOf(topic: string, value: TopicValue): NewTopic {
  const { partitions, replicationFactor, configs, assignment = null } = value
  return { topic, partitions, replicationFactor, configs: configs ?? {}, assignment }
}

/** Whether a topic is what was wanted; what the broker was left to choose is not compared. */
export function isWanted(wanted: TopicValue, state: TopicState): boolean {
  const { partitions, replicationFactor, configs, assignment } = wanted
  const is = valueOfState(state)
  return (
    isAsWanted(partitions, is.partitions) &&
    isAsWanted(replicationFactor, is.replicationFactor) &&
    (assignment === undefined || isDeepStrictEqual(assignment, state.assignment)) &&
    (is.configs === null ||
      Object.entries(configs ?? {}).every(([name, value]) => isSameText(is.configs?.[name] ?? null, value)))
  )
}

function isAsWanted(wanted: number, is: number): boolean {
  return wanted === -1 || wanted === is
}

/** Whether it is still the topic that it was: not another one of the same name, and not changed since. */
export function isSame(known: TopicValue, state: TopicState): boolean {
  const is = valueOfState(state)
  const isOther = typeof known.topicId === 'string' && is.topicId !== null && known.topicId !== is.topicId
  if (isOther || !isAsWanted(known.partitions, is.partitions)) return false
  const isConfigured =
    known.configs === null || is.configs === null || isDeepStrictEqual(known.configs, is.configs)
  return isConfigured && isAsWanted(known.replicationFactor, is.replicationFactor)
}
