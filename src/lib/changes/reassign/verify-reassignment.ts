import { KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { noSuchPartition } from '../../model/not-found.ts'
import { failuresIn, type ItemFailure } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { ThrottleConfig } from '../../model/reassignments.ts'
import type { AssignedReplicas } from '../../operations/reassign-json.ts'
import { targetOf } from '../../operations/reassign-progress.ts'
import { configsIn } from './throttled.ts'

export interface VerifiedPartition extends TopicPartition {
  readonly wanted: readonly number[]
  /** While it is under way, those that go are among them. */
  readonly replicas: readonly number[]
  readonly state: 'done' | 'underway' | 'differs'
}

export interface VerifiedReassignment {
  readonly rows: readonly VerifiedPartition[]
  readonly failures: readonly ItemFailure[]
  /** What is still throttled, as sentences. */
  readonly throttles: readonly string[]
}

/** Held against these lines, or else whatever is under way. */
export async function verifyReassignment(
  { reassignments, leaders }: Pick<Changers, 'reassignments' | 'leaders'>,
  lines: readonly AssignedReplicas[] | undefined,
): Promise<VerifiedReassignment> {
  const underWay = await reassignments.underWay(lines)
  const moving = new Map(underWay.map((each) => [partitionName(each), each]))
  const wanted = lines ?? underWay.map((each) => ({ ...each, replicas: targetOf(each) }))
  const topics = [...new Set(wanted.map(({ topic }) => topic))]
  const told = topics.length === 0 ? [] : await leaders.partitions(topics)
  const known = new Map(
    told.flatMap(({ outcome }) =>
      outcome instanceof KtoolError
        ? []
        : outcome.map((each) => [partitionName(each), each.replicas] as const),
    ),
  )
  const rows = wanted.flatMap(({ topic, partition, replicas: target }): VerifiedPartition[] => {
    const item = partitionName({ topic, partition })
    const replicas = moving.get(item)?.replicas ?? known.get(item)
    if (replicas === undefined) return []
    const isThere = replicas.join() === target.join()
    const state = moving.has(item) ? 'underway' : isThere ? 'done' : 'differs'
    return [{ topic, partition, wanted: target, replicas, state }]
  })
  const missing = wanted.filter((line) => !rows.some((row) => partitionName(row) === partitionName(line)))
  const untold = new Map(failuresIn(told).map(({ item, error }) => [item, error]))
  const failures = missing.map((line) => ({
    item: partitionName(line),
    error: untold.get(line.topic) ?? noSuchPartition(line),
  }))
  const brokers = (await reassignments.brokers()).map(({ id }) => id)
  const throttles = await reassignments.throttles(brokers, topics)
  return {
    rows,
    // Whose throttles are not known may still be throttled.
    failures: [...failures, ...failuresIn(throttles)],
    throttles: configsIn(throttles).filter(isSet).map(sentence),
  }
}

function isSet({ value }: ThrottleConfig): boolean {
  return value !== null && value !== ''
}

function sentence({ type, resource, name, value }: ThrottleConfig): string {
  const what = type === 'brokers' ? `broker ${resource}` : `topic ${resource}`
  return `${what} is still throttled: ${name}=${value}`
}
