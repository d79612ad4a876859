import { FailedError, type KtoolError } from '../errors.ts'
import type { LedPartition } from '../model/leaders.ts'
import { noSuchPartition } from '../model/not-found.ts'
import type { Outcome } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { Step } from '../model/plan.ts'
import type { PlacementBroker, Reassignment, ReplicaSize } from '../model/reassignments.ts'
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
): Assigned {
  const known = new Map(partitions.map((each) => [partitionName(each), each]))
  const live = new Set(brokers.map(({ id }) => id))
  const placed: Placed[] = []
  const failures: Outcome<KtoolError>[] = []
  for (const line of lines) {
    const partition = known.get(partitionName(line))
    const error = partition === undefined ? noSuchPartition(line) : whyNot(line, partition, live)
    if (error !== undefined) failures.push({ item: partitionName(line), outcome: error })
    else if (partition !== undefined) placed.push({ partition, target: line.replicas })
  }
  return { placed, failures }
}

/** A dead broker may keep what it has; it cannot be given more. */
function whyNot(
  { replicas, logDirs }: AssignedReplicas,
  partition: LedPartition,
  live: ReadonlySet<number>,
): KtoolError | undefined {
  const dead = replicas.filter((id) => !live.has(id) && !partition.replicas.includes(id))
  if (dead.length > 0) return noSuchBroker(dead)
  return logDirs?.some((each) => each !== 'any') === true ? directoryNamed() : undefined
}

/** As steps of a plan; those that change nothing are among them. */
export function reassignmentSteps(placed: readonly Placed[]): Step[] {
  return placed.map((each) => ({
    item: partitionName(each.partition),
    action: actionOf(each),
    before: each.partition.replicas,
    after: each.target,
  }))
}

function actionOf(placed: Placed): string {
  const [added, removed] = [addedBy(placed).length, removedBy(placed).length]
  if (added > removed) return 'grow'
  if (added < removed) return 'shrink'
  if (added > 0) return 'move'
  return placed.target.join() === placed.partition.replicas.join() ? 'keep' : 'reorder'
}

/** What a plan copies between brokers. */
export interface CopyEstimate {
  /** Of each partition; those whose size nobody tells are not in it. */
  readonly bytesOf: ReadonlyMap<string, number>
  readonly totalBytes: number
  readonly replicaCount: number
  /** Partitions with something to copy of which nobody tells the size. */
  readonly unknownCount: number
}

/** The largest copy stands for the leader's: the others are as large, or behind. */
export function copyEstimate(placed: readonly Placed[], sizes: readonly ReplicaSize[]): CopyEstimate {
  const largest = new Map<string, number>()
  for (const { sizeBytes, ...at } of sizes) {
    largest.set(partitionName(at), Math.max(sizeBytes, largest.get(partitionName(at)) ?? 0))
  }
  const copying = placed.filter((each) => addedBy(each).length > 0)
  const bytesOf = new Map(
    copying.flatMap((each) => {
      const bytes = largest.get(partitionName(each.partition))
      return bytes === undefined
        ? []
        : [[partitionName(each.partition), bytes * addedBy(each).length] as const]
    }),
  )
  return {
    bytesOf,
    totalBytes: [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0),
    replicaCount: copying.reduce((sum, each) => sum + addedBy(each).length, 0),
    unknownCount: copying.length - bytesOf.size,
  }
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

function directoryNamed(): FailedError {
  return new FailedError(
    'log-dirs-not-served',
    'the file names a log directory, and ktool moves between brokers only',
    {
      hint: 'say "any" there, and the broker chooses one',
    },
  )
}
