import { ConnectionError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import { failuresIn, foundIn, type ItemFailure } from '../../model/outcome.ts'
import { byPartition } from '../../model/partitions.ts'
import type { Underway } from '../../model/plan.ts'
import type { Reassignment, ReassignmentsChanger, ReassignmentsView } from '../../model/reassignments.ts'
import {
  progressOf,
  progressOnDisks,
  type ReassignmentState,
  stateOf,
} from '../../operations/reassign-progress.ts'

type Reassignments = ReassignmentsChanger & ReassignmentsView

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000
/** A controller that is away for a while is waited for; one that is gone is not. */
const MISSES = 5

/** Waits until none of these is under way any more, or somebody wants to stop; returns those that still are. */
export async function follow(
  reassignments: Reassignments,
  partitions: readonly TopicPartition[],
  { signal, report }: Pick<Underway, 'signal' | 'report'>,
): Promise<readonly Reassignment[]> {
  if (partitions.length === 0) return []
  let misses = 0
  let totalBytes = 0
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    try {
      const left = await reassignments.underWay(partitions)
      misses = 0
      if (left.length === 0 || signal.aborted) return left
      const state = await stateNow(reassignments, left)
      // What is done is no longer listed: the whole is what it was at most.
      totalBytes = Math.max(totalBytes, state.totalBytes)
      await report(totalBytes - (state.totalBytes - state.copiedBytes), totalBytes)
    } catch (error) {
      misses += 1
      if (!(error instanceof ConnectionError) || misses > MISSES || signal.aborted) throw error
    }
    await reassignments.rest(pauseMs, signal)
  }
}

/** Everything that is under way, between brokers and between the disks of one, and how far it has come. */
export async function everythingUnderWay(
  reassignments: Reassignments,
): Promise<{ readonly state: ReassignmentState; readonly silent: readonly ItemFailure[] }> {
  const underWay = await reassignments.underWay()
  const told = await reassignments.disks()
  const sizes = foundIn(told).flatMap(({ replicas }) => replicas.filter(({ isFuture }) => !isFuture))
  const rows = [...progressOf(underWay, sizes), ...progressOnDisks(told)].sort(byPartition)
  return { state: stateOf(rows, reassignments.nowMs(), undefined), silent: failuresIn(told) }
}

async function stateNow(
  reassignments: Reassignments,
  underWay: readonly Reassignment[],
): Promise<ReassignmentState> {
  const brokers = [...new Set(underWay.flatMap(({ replicas }) => replicas))]
  const told = brokers.length === 0 ? [] : await reassignments.sizes(brokers)
  const sizes = foundIn(told).flat()
  return stateOf(progressOf(underWay, sizes), reassignments.nowMs(), undefined)
}
