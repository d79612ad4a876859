import { FailedError } from '../errors.ts'
import type { TopicPartition } from '../model/groups.ts'
import { partitionName } from '../model/partitions.ts'
import type { PlanValue, Standing, Step } from '../model/plan.ts'
import type { Offset } from './figures.ts'

/** Which commit a step is about. */
export interface CommitPlace extends TopicPartition {
  readonly group: string
}

/** What is committed with an offset; a reset carries neither, as Kafka's own does not. */
export interface Commit {
  readonly offset: Offset
  readonly leaderEpoch: number | null
  readonly metadata: string
}

const NO_EPOCH = -1

/** `billing orders:3`: a group may have spaces in its name, a topic has neither spaces nor colons. */
export function itemOf({ group, ...at }: CommitPlace): string {
  return `${group} ${partitionName(at)}`
}

export function placeOf(item: string): CommitPlace {
  const [, group, topic, partition] = /^(.*) ([^ :]+):(\d+)$/s.exec(item) ?? []
  if (group === undefined || topic === undefined) {
    throw new FailedError('bad-plan', `"${item}" in the plan names no commit`, {
      hint: 'such a step is written like "billing orders:3"',
    })
  }
  return { group, topic, partition: Number(partition) }
}

/** The offset alone, unless something goes with it that has to come back when the plan is undone. */
export function valueOfCommit(commit: Commit | null): PlanValue {
  if (commit === null) return null
  const offset = valueOfOffset(commit.offset)
  const leaderEpoch = commit.leaderEpoch ?? NO_EPOCH
  if (leaderEpoch === NO_EPOCH && commit.metadata === '') return offset
  return { offset, leaderEpoch, metadata: commit.metadata }
}

export function valueOfOffset(offset: Offset): number | string {
  const number = Number(offset)
  return Number.isSafeInteger(number) ? number : String(offset)
}

/** Plans are files: what a person has written into one may be anything. */
export function commitIn(value: PlanValue, item: string): Commit | null {
  if (value === null) return null
  if (typeof value !== 'object') return { offset: offsetIn(value, item), leaderEpoch: null, metadata: '' }
  if (!('offset' in value)) throw badValue(value, item)
  const { offset, leaderEpoch, metadata } = value
  const hasEpoch = typeof leaderEpoch === 'number' && leaderEpoch >= 0 && Number.isInteger(leaderEpoch)
  return {
    offset: offsetIn(offset, item),
    leaderEpoch: hasEpoch ? leaderEpoch : null,
    metadata: typeof metadata === 'string' ? metadata : '',
  }
}

/** What is shown of it: the offset. */
export function shownCommit({ item, before, after }: Step): Pick<Step, 'before' | 'after'> {
  const shown = (value: PlanValue) => {
    const commit = commitIn(value, item)
    return commit === null ? null : valueOfOffset(commit.offset)
  }
  return { before: shown(before), after: shown(after) }
}

/** Whoever commits the same offset again has moved nothing. */
export function commitStanding({ item, before, after }: Step, now: PlanValue): Standing {
  const [is, was, shall] = [now, before, after].map((value) => commitIn(value, item)?.offset ?? null)
  if (isSameOffset(is, shall)) return 'after'
  return isSameOffset(is, was) ? 'before' : 'stale'
}

export function isSameOffset(a: Offset | null | undefined, b: Offset | null | undefined): boolean {
  return (a ?? null) === null || (b ?? null) === null ? (a ?? null) === (b ?? null) : String(a) === String(b)
}

const LARGEST = 2n ** 63n - 1n

function offsetIn(value: PlanValue | undefined, item: string): Offset {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) {
    const offset = BigInt(value)
    if (offset <= LARGEST) return Number.isSafeInteger(Number(offset)) ? Number(offset) : offset
  }
  throw badValue(value, item)
}

function badValue(value: unknown, item: string): FailedError {
  return new FailedError('bad-plan', `${JSON.stringify(value)} in the plan for "${item}" is no offset`, {
    hint: 'an offset is a number from 0 on',
  })
}
