import { FailedError, KtoolError, UsageError } from '../../errors.ts'
import { noSuchTopic } from '../../model/not-found.ts'
import {
  isPlanObject,
  newPlan,
  type Planned,
  type PlanOrigin,
  type PlanValue,
  type Step,
} from '../../model/plan.ts'
import type { TopicState, TopicsChanger } from '../../model/topics-changer.ts'
import { topicPlans } from './topic-value.ts'

/** `12`, or `+4`. */
export interface PartitionCount {
  readonly count: number
  readonly isMore: boolean
}

export function parsePartitionCount(text: string): PartitionCount {
  const [, sign, digits] = /^(\+?)(\d{1,9})$/.exec(text) ?? []
  const count = Number(digits ?? 0)
  if (count > 0) return { count, isMore: sign === '+' }
  throw new UsageError('invalid-partitions', `"${text}" is no number of partitions`, {
    hint: 'it is the new number, as 12, or how many more, as +4; there can never be fewer',
  })
}

export interface PartitionsWish extends PartitionCount {
  /** Replicas of the new partitions, by their order; null lets the controller choose. */
  readonly assignment: readonly (readonly number[])[] | null
}

/** More partitions for topics, with what that does to their keys. */
export async function planPartitions(
  changer: TopicsChanger,
  topics: readonly string[],
  wish: PartitionsWish,
  origin: PlanOrigin,
): Promise<Planned> {
  const states = await changer.states(topics)
  const steps: Step[] = []
  const failures: { item: string; error: KtoolError }[] = []
  for (const { item, outcome } of states) {
    const made = stepOrError(item, outcome, wish)
    if (made instanceof KtoolError) failures.push({ item, error: made })
    else steps.push(made)
  }
  const warnings = steps.flatMap(keysWarning)
  return { plan: newPlan(topicPlans.addPartitions, origin, steps, { warnings }), failures }
}

function stepOrError(
  item: string,
  state: TopicState | KtoolError | null,
  { count, isMore, assignment }: PartitionsWish,
): Step | KtoolError {
  if (state instanceof KtoolError) return state
  if (state === null) return noSuchTopic(item)
  const is = state.assignment.length
  const partitions = isMore ? is + count : count
  if (partitions < is) return noFewer(item, is, partitions)
  const step = { item, action: 'add-partitions', before: { partitions: is } }
  if (partitions === is) return { ...step, after: { partitions } }
  const refusal = assignment === null ? null : refusalOf(item, assignment, partitions - is)
  if (refusal !== null) return refusal
  return { ...step, after: afterOf(is, partitions, assignment) }
}

function afterOf(is: number, partitions: number, assignment: PartitionsWish['assignment']): PlanValue {
  const keysMoved = Math.round(shareOfKeysMoved(is, partitions) * 1000) / 1000
  if (assignment === null) return { partitions, keysMoved }
  return { partitions, keysMoved, assignment: assignment.map((replicas) => [...replicas]) }
}

/** A key stays where its hash leaves the same remainder by both numbers: for n of each lcm(n, m) hashes. */
export function shareOfKeysMoved(n: number, m: number): number {
  return 1 - n / leastCommonMultiple(n, m)
}

function leastCommonMultiple(n: number, m: number): number {
  return (n / greatestCommonDivisor(n, m)) * m
}

function greatestCommonDivisor(n: number, m: number): number {
  return m === 0 ? n : greatestCommonDivisor(m, n % m)
}

function keysWarning({ item, before, after }: Step): string[] {
  const [is, partitions] = [countIn(before), countIn(after)]
  if (is === partitions) return []
  const percent = Math.round(shareOfKeysMoved(is, partitions) * 100)
  return [
    `${item}: of records with a key, ${percent} % of the keys go to another partition from then on; those written before ` +
      'stay where they are, so that one key is in two partitions, without an order between them',
    `${item}: partitions cannot be taken away again`,
  ]
}

function countIn(value: PlanValue): number {
  return isPlanObject(value) && 'partitions' in value ? Number(value.partitions) : 0
}

function refusalOf(
  item: string,
  assignment: readonly (readonly number[])[],
  count: number,
): UsageError | null {
  if (assignment.length === count) return null
  return new UsageError(
    'invalid-assignment',
    `${item} gets ${count} new partitions, and --assignment has replicas for ${assignment.length}`,
    { hint: 'it has those of the new partitions only, in their order: 1:2,2:3' },
  )
}

function noFewer(item: string, is: number, wanted: number): FailedError {
  return new FailedError(
    'partitions-cannot-decrease',
    `${item} has ${is} partitions, and Kafka takes none away: their records would be lost, and keys would move`,
    {
      hint: `make a topic of ${wanted} partitions, write what is to stay into it, and let everybody use that: ktool topics create ${item}-new -p ${wanted}`,
      details: { topic: item, partitions: is, wanted },
    },
  )
}
