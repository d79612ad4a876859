import { isDeepStrictEqual } from 'node:util'
import { Cancelled, DataError, type KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import { foundIn, type Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import {
  type Change,
  isPlanObject,
  newPlan,
  type Plan,
  type PlanValue,
  type Standing,
  type Step,
  type Underway,
} from '../../model/plan.ts'
import type { ReassignmentTarget } from '../../model/reassignments.ts'
import { partitionOf, replicaList } from '../../operations/partition-item.ts'
import { batchesOf, copyEstimate } from '../../operations/reassign-steps.ts'
import { copiesSomething, joinedMarks, type ThrottledMove, throttleMarks } from '../../operations/throttle.ts'
import { cancelledAmong, notBegun, wasCancelled } from './cancelled-moves.ts'
import { follow } from './follow-reassignments.ts'
import { reassignSettings, settingsValue } from './reassign-settings.ts'
import { replicasNow } from './replicas-now.ts'
import { release, throttled } from './throttled.ts'

export const REASSIGN = 'reassign'

/** Moves replicas, batch by batch, and waits for each; a throttle of ours is gone again when it ends, however it ends. */
export function reassignChange(changers: Pick<Changers, 'reassignments' | 'leaders'>): Change {
  const { reassignments } = changers
  /** What this run has sent goes on by itself; what another one has sent is waited for like our own. */
  const sent = new Set<string>()
  return {
    kind: REASSIGN,
    isIrreversible: false,
    // Batches are made here, since they are waited for.
    atOnce: Number.POSITIVE_INFINITY,
    now: (_plan, steps) => {
      mustBeMoves(steps)
      return replicasNow(changers, steps)
    },
    standing: (step, now) => standingOf(step, now, sent),
    inverse: undoingPlan,
    perform: async (plan, steps, underway) => {
      const { throttleBytesPerSecond, throttles } = reassignSettings(plan)
      const work = () => moveAll(changers, plan, steps, sent, underway)
      const moves = steps.map(moveOf)
      if (throttleBytesPerSecond === null || !moves.some(copiesSomething)) {
        return work().finally(() => release(reassignments, throttles, [], underway))
      }
      const throttle = { bytesPerSecond: throttleBytesPerSecond, former: throttles }
      return throttled(reassignments, moves, throttle, underway, work)
    },
  }
}

/** Of two that say where one partition shall be, the latter would win, and the former be told as done. */
function mustBeMoves(steps: readonly Step[]): void {
  const seen = new Set<string>()
  for (const step of steps) {
    moveOf(step)
    if (seen.has(step.item)) throw movedTwice(step.item)
    seen.add(step.item)
  }
}

export function moveOf({ item, before, after }: Step): ThrottledMove {
  return { ...partitionOf(item), before: replicaList(before), after: replicaList(after) }
}

function standingOf({ item, before, after }: Step, now: PlanValue, sent: ReadonlySet<string>): Standing {
  if (isDeepStrictEqual(now, after)) return 'after'
  if (isDeepStrictEqual(now, before)) return 'before'
  const isMoving = isPlanObject(now) && 'target' in now
  if (!isMoving) return 'stale'
  if (isDeepStrictEqual(now.target, after)) return sent.has(item) ? 'underway' : 'before'
  return isDeepStrictEqual(now.target, before) ? 'before' : 'stale'
}

/** Back to where it was. The same brokers are held back; of topics, other replicas are listed then. */
function undoingPlan(plan: Plan): Plan {
  const steps = plan.steps.map((step) => ({ ...step, before: step.after, after: step.before })).reverse()
  const settings = reassignSettings(plan)
  const { throttleBytesPerSecond, throttles } = settings
  const backwards =
    throttleBytesPerSecond === null
      ? []
      : throttleMarks(steps.map(moveOf), throttleBytesPerSecond, throttles.map(asBefore))
  const marks = { ...settings, throttles: joinedMarks(throttles, backwards) }
  return newPlan(plan.kind, plan, steps, { settings: settingsValue(marks) })
}

function asBefore({ type, resource, name, before }: ReturnType<typeof throttleMarks>[number]) {
  return { type, resource, name, value: before }
}

async function moveAll(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  plan: Plan,
  steps: readonly Step[],
  sent: Set<string>,
  underway: Underway,
): Promise<readonly Outcome<null>[]> {
  const { reassignments } = changers
  const { batch, throttleBytesPerSecond } = reassignSettings(plan)
  const bytesOf = await sizesOf(reassignments, steps)
  const outcomes = new Map<string, KtoolError | null>()
  for (const part of batchesOf(steps, batch, ({ item }) => bytesOf.get(item) ?? 0)) {
    if (underway.signal.aborted) break
    const told = await reassignments.reassign(part.map(targetOf))
    const accepted = part.filter((step, i) => {
      const outcome = told[i]?.outcome ?? null
      outcomes.set(step.item, outcome)
      return outcome === null
    })
    for (const { item } of accepted) sent.add(item)
    const left = await follow(reassignments, accepted.map(targetOf), underway)
    if (left.length > 0 && throttleBytesPerSecond !== null) {
      // Without its throttle a move would take all the network there is: it is begun again by the next run.
      await reassignments.reassign(left.map((at) => ({ ...at, replicas: null })))
      for (const at of left) outcomes.set(partitionName(at), notGoneOn())
    }
    if (left.length > 0) continue
    const cancelled = await cancelledAmong(changers, accepted, underway.signal)
    if (cancelled.length === 0) continue
    for (const step of cancelled) outcomes.set(step.item, wasCancelled(step))
    for (const step of steps) if (!outcomes.has(step.item)) outcomes.set(step.item, notBegun(step))
    break
  }
  return steps.map(({ item }) => ({
    item,
    outcome: outcomes.has(item) ? (outcomes.get(item) ?? null) : notGoneOn(),
  }))
}

function targetOf({ item, after }: Step): ReassignmentTarget {
  return { ...partitionOf(item), replicas: replicaList(after) }
}

async function sizesOf(
  reassignments: Changers['reassignments'],
  steps: readonly Step[],
): Promise<ReadonlyMap<string, number>> {
  const moves = steps.map(moveOf)
  const brokers = [...new Set(moves.flatMap(({ before }) => before))]
  const told = await reassignments.sizes(brokers)
  const sizes = foundIn(told).flat()
  const placed = moves.map(({ before, after, ...at }) => ({
    partition: { ...at, replicas: before, isr: before, leader: null },
    target: after,
  }))
  return copyEstimate(placed, sizes).bytesOf
}

function movedTwice(item: string): DataError {
  return new DataError('malformed-plan', `the plan moves ${item} twice`, {
    hint: 'make the plan anew with ktool reassign',
    details: { item },
  })
}

function notGoneOn(): Cancelled {
  return new Cancelled('stopped', 'it was stopped before this was done')
}
