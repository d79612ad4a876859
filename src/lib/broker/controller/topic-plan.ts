import { ApiError } from '../api-error.ts'
import type { Charge, TopicWish } from './controller.ts'

const NO_PLACE = 'All brokers are currently fenced, or have all their log directories cordoned.'

/** Where a cluster of one broker can put partitions. */
export interface Placement {
  readonly nodeId: number
  /** One that is not cordoned. */
  readonly hasOpenDirectory: boolean
}

/** What it can give. */
export interface PlanLimits extends Placement {
  readonly defaultPartitions: number
  readonly defaultReplicationFactor: number
}

/** Replicas by partition, after Kafka's checks in Kafka's order. */
export function planTopic(wish: TopicWish, limits: PlanLimits): (readonly number[])[] {
  return wish.assignments === null
    ? plannedByCount(wish, limits)
    : plannedByHand(wish, wish.assignments, limits)
}

function plannedByCount({ partitions, replicationFactor }: TopicWish, limits: PlanLimits): number[][] {
  if (replicationFactor < -1 || replicationFactor === 0) {
    const message = 'Replication factor must be larger than 0, or -1 to use the default value.'
    throw new ApiError('INVALID_REPLICATION_FACTOR', message)
  }
  if (partitions < -1 || partitions === 0) {
    const message = 'Number of partitions was set to an invalid non-positive value.'
    throw new ApiError('INVALID_PARTITIONS', message)
  }
  const count = partitions === -1 ? limits.defaultPartitions : partitions
  const copies = replicationFactor === -1 ? limits.defaultReplicationFactor : replicationFactor
  mustBeReplicable(copies, limits)
  return Array.from({ length: count }, () => [limits.nodeId])
}

function mustBeReplicable(copies: number, { hasOpenDirectory }: Placement): void {
  if (copies === 1 && hasOpenDirectory) return
  const unable = `Unable to replicate the partition ${copies} time(s)`
  if (!hasOpenDirectory) throw new ApiError('INVALID_REPLICATION_FACTOR', `${unable}: ${NO_PLACE}`)
  throw new ApiError(
    'INVALID_REPLICATION_FACTOR',
    `${unable}: The target replication factor of ${copies} cannot be reached because only 1 broker(s) are registered or some brokers have all their log directories cordoned.`,
  )
}

function plannedByHand(
  { partitions, replicationFactor }: TopicWish,
  assignments: NonNullable<TopicWish['assignments']>,
  { nodeId }: PlanLimits,
): (readonly number[])[] {
  if (replicationFactor !== -1) throw unlike('replication factor')
  if (partitions !== -1) throw unlike('numPartitions')
  const planned = new Map<number, readonly number[]>()
  for (const [partition, replicas] of assignments) {
    if (planned.has(partition)) {
      const message = `Found multiple manual partition assignments for partition ${partition}`
      throw new ApiError('INVALID_REPLICA_ASSIGNMENT', message)
    }
    mustBeAssignable(replicas, nodeId)
    planned.set(partition, replicas)
  }
  const numbers = [...planned.keys()].sort((a, b) => a - b)
  if (numbers.some((number, i) => number !== i)) {
    const message = 'partitions should be a consecutive 0-based integer sequence'
    throw new ApiError('INVALID_REPLICA_ASSIGNMENT', message)
  }
  return numbers.map((number) => planned.get(number) ?? [])
}

function unlike(field: string): ApiError {
  return new ApiError(
    'INVALID_REQUEST',
    `A manual partition assignment was specified, but ${field} was not set to -1.`,
  )
}

/** Throws INVALID_REPLICA_ASSIGNMENT where the only broker is not the only replica. */
export function mustBeAssignable(replicas: readonly number[], nodeId: number): void {
  const refuse = (what: string) =>
    new ApiError('INVALID_REPLICA_ASSIGNMENT', `The manual partition assignment includes ${what}`)
  if (replicas.length === 0) throw refuse('an empty replica list.')
  const sorted = [...replicas].sort((a, b) => a - b)
  for (const [i, id] of sorted.entries()) {
    if (id !== nodeId) throw refuse(`broker ${id}, but no such broker is registered.`)
    if (i > 0) throw refuse(`the broker ${id} more than once.`)
  }
}

interface Growth {
  readonly name: string
  readonly current: number
  readonly count: number
  readonly charge: Charge
}

/** Replicas of the partitions that a topic of `current` gets on top. */
export function planGrowth(
  { name, current, count, charge }: Growth,
  assignments: readonly (readonly number[])[] | null,
  { nodeId, hasOpenDirectory }: Placement,
): (readonly number[])[] {
  if (count === current)
    throw new ApiError('INVALID_PARTITIONS', `Topic already has ${current} partition(s).`)
  if (count < current) {
    const message = `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`
    throw new ApiError('INVALID_PARTITIONS', message)
  }
  const more = count - current
  if (assignments !== null && assignments.length !== more) {
    throw new ApiError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${more} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    )
  }
  charge(more)
  if (assignments === null && !hasOpenDirectory) throw new ApiError('INVALID_REPLICATION_FACTOR', NO_PLACE)
  if (assignments === null) return Array.from({ length: more }, () => [nodeId])
  for (const replicas of assignments) mustBeAssignable(replicas, nodeId)
  return [...assignments]
}
