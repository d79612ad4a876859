import { FailedError, type KtoolError } from '../errors.ts'
import type { LedPartition } from '../model/leaders.ts'
import { noSuchPartition } from '../model/not-found.ts'
import type { Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { Step } from '../model/plan.ts'
import type { PlacementBroker, Reassignment, ReplicaSize } from '../model/reassignments.ts'
import { type Disks, diskBrokers, placementBefore, whyNotIn } from './log-dirs.ts'
import { logDirAt, placementValue } from './partition-item.ts'
import { addedBy, type Placed, removedBy } from './placement-draft.ts'
import type { AssignedReplicas } from './reassign-json.ts'
import { targetOf } from './reassign-progress.ts'

/** A partition that is on its way has the replicas it will have: nobody plans from what it is just now. */
export function settledPartitions(
  partitions: readonly LedPartition[],
  underWay: readonly Reassignment[],
): LedPartition[] {
  const targets = new Map(underWay.map((each) => [partitionName(each), targetOf(each)]))
  return partitions.map((each) => ({ ...each, replicas: targets.get(partitionName(each)) ?? each.replicas }))
}

/** What a file asks for, held against the cluster. */
export interface Assigned {
  readonly placed: readonly Placed[]
  readonly failures: readonly Outcome<KtoolError>[]
}

/** Lines of a file that cannot be are failures of their own: a partition, a broker or a directory that is not there. */
export function assigned(
  lines: readonly AssignedReplicas[],
  partitions: readonly LedPartition[],
  brokers: readonly PlacementBroker[],
  disks: Disks,
): Assigned {
  const known = new Map(partitions.map((each) => [partitionName(each), each]))
  const live = new Set(brokers.map(({ id }) => id))
  const placed: Placed[] = []
  const failures: Outcome<KtoolError>[] = []
  for (const line of lines) {
    const partition = known.get(partitionName(line))
    const error = partition === undefined ? noSuchPartition(line) : whyNot(line, partition, live, disks)
    if (error !== undefined) failures.push({ item: partitionName(line), outcome: error })
    else if (partition !== undefined)
      placed.push({ partition, target: line.replicas, logDirs: namedIn(line) })
  }
  return { placed, failures }
}

/** A dead broker may keep what it has; it cannot be given more. */
function whyNot(
  line: AssignedReplicas,
  partition: LedPartition,
  live: ReadonlySet<number>,
  disks: Disks,
): KtoolError | undefined {
  const dead = line.replicas.filter((id) => !live.has(id) && !partition.replicas.includes(id))
  if (dead.length > 0) return noSuchBroker(dead)
  for (const id of line.replicas) {
    const path = logDirAt(line, id)
    const error = path === undefined ? undefined : whyNotIn(disks, line, id, path)
    if (error !== undefined) return error
  }
  return undefined
}

/** A file that leaves every directory to the brokers names none. */
export function namedIn(line: AssignedReplicas): readonly string[] | null {
  return line.replicas.some((id) => logDirAt(line, id) !== undefined) ? line.logDirs : null
}

/** As steps of a plan; those that change nothing are among them. */
export function reassignmentSteps(placed: readonly Placed[], disks: Disks): Step[] {
  return placed.map((each) => {
    const { partition, target, logDirs = null } = each
    const after = { replicas: target, logDirs }
    const before = placementBefore(partition, partition.replicas, after, disks)
    const action = actionOf(each)
    const isMoved = diskBrokers(before, after).length > 0 && ['keep', 'reorder'].includes(action)
    return {
      item: partitionName(partition),
      action: isMoved ? 'move' : action,
      before: placementValue(before),
      after: placementValue(after),
    }
  })
}

function actionOf(placed: Placed): string {
  const [added, removed] = [addedBy(placed).length, removedBy(placed).length]
  if (added > removed) return 'grow'
  if (added < removed) return 'shrink'
  if (added > 0) return 'move'
  return placed.target.join() === placed.partition.replicas.join() ? 'keep' : 'reorder'
}

/** What a plan copies, between brokers and between the disks of one. */
export interface CopyEstimate {
  /** Of each partition; those whose size nobody tells are not in it. */
  readonly bytesOf: ReadonlyMap<string, number>
  /** Between brokers. */
  readonly totalBytes: number
  readonly replicaCount: number
  /** Partitions with something to copy of which nobody tells the size. */
  readonly unknownCount: number
  /** Between disks. */
  readonly disks: { readonly totalBytes: number; readonly replicaCount: number }
}

/** The largest copy stands for the leader's: the others are as large, or behind. */
export function copyEstimate(placed: readonly Placed[], sizes: readonly ReplicaSize[]): CopyEstimate {
  const largest = new Map<string, number>()
  for (const { sizeBytes, ...at } of sizes) {
    largest.set(partitionName(at), Math.max(sizeBytes, largest.get(partitionName(at)) ?? 0))
  }
  const copying = placed.filter((each) => addedBy(each).length > 0)
  const between = new Map(
    copying.flatMap((each) => {
      const bytes = largest.get(partitionName(each.partition))
      return bytes === undefined
        ? []
        : [[partitionName(each.partition), bytes * addedBy(each).length] as const]
    }),
  )
  const onDisks = movedOnDisks(placed, sizes)
  const bytesOf = new Map(between)
  for (const { sizeBytes, ...at } of onDisks) {
    bytesOf.set(partitionName(at), sizeBytes + (bytesOf.get(partitionName(at)) ?? 0))
  }
  return {
    bytesOf,
    totalBytes: [...between.values()].reduce((sum, bytes) => sum + bytes, 0),
    replicaCount: copying.reduce((sum, each) => sum + addedBy(each).length, 0),
    unknownCount: copying.length - between.size,
    disks: {
      totalBytes: onDisks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      replicaCount: onDisks.length,
    },
  }
}

/** Replicas that lie in another directory than the one that is named. */
function movedOnDisks(placed: readonly Placed[], sizes: readonly ReplicaSize[]): ReplicaSize[] {
  const named = new Map(
    placed.flatMap(({ partition, target, logDirs = null }) =>
      logDirs === null ? [] : [[partitionName(partition), { replicas: target, logDirs }] as const],
    ),
  )
  if (named.size === 0) return []
  return sizes.filter((size) => {
    const placement = named.get(partitionName(size))
    const path = placement && logDirAt(placement, size.broker)
    return path !== undefined && path !== size.directory
  })
}

/** How many partitions, or how many bytes to copy, go at a time. */
export type BatchLimit = { readonly partitions: number } | { readonly bytes: number }

/** In the order of the plan; one that is larger than a batch has one of its own. */
export function batchesOf(
  steps: readonly Step[],
  limit: BatchLimit | null,
  bytesOf: (step: Step) => number,
): Step[][] {
  if (limit === null) return steps.length === 0 ? [] : [[...steps]]
  const batches: Step[][] = []
  let bytes = 0
  for (const step of steps) {
    const last = batches.at(-1)
    const isFull =
      last === undefined ||
      ('partitions' in limit ? last.length >= limit.partitions : bytes + bytesOf(step) > limit.bytes)
    if (isFull) batches.push([step])
    else last.push(step)
    bytes = bytesOf(step) + (isFull ? 0 : bytes)
  }
  return batches
}

function noSuchBroker(ids: readonly number[]): FailedError {
  const who = ids.length === 1 ? `broker ${ids[0]}` : `brokers ${ids.join(', ')}`
  return new FailedError('no-such-broker', `replicas cannot be put on ${who}: no such broker lives`, {
    hint: 'ktool cluster brokers shows those that are there',
    details: { brokers: ids },
  })
}
