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
import { diskBrokers, standingOfPlaced } from '../../operations/log-dirs.ts'
import { partitionOf, replicaList } from '../../operations/partition-item.ts'
import { batchesOf, copyEstimate } from '../../operations/reassign-steps.ts'
import {
  joinedMarks,
  marksUnder,
  type ThrottledMove,
  type ThrottleMark,
  type ThrottleRates,
} from '../../operations/throttle.ts'
import { CANCELLED, cancelledAmong, notBegun, wasCancelled } from './cancelled-moves.ts'
import { follow } from './follow-reassignments.ts'
import { LogDirMoves } from './log-dir-moves.ts'
import { endedPlan, reassignSettings, settingsValue } from './reassign-settings.ts'
import { asPlacedNow, placedOf, replicasNow } from './replicas-now.ts'
import { throttled } from './throttled.ts'

export const REASSIGN = 'reassign'

/** Moves replicas, batch by batch, and waits for each; a throttle of ours is gone again when it ends, however it ends. */
export function reassignChange(changers: Pick<Changers, 'reassignments' | 'leaders'>): Change {
  const { reassignments } = changers
  /** What this run has sent goes on by itself; what another one has sent is waited for like our own. */
  const sent = new Set<string>()
  let isClear = false
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
      const { throttles, ...rates } = reassignSettings(plan)
      const work = () => moveAll(changers, plan, steps, sent, underway)
      const onClear = () => {
        isClear = true
      }
      const throttling = { rates, former: throttles, onClear }
      return throttled(reassignments, steps.map(moveOf), throttling, underway, work)
    },
    ended: (kept) => (isClear ? endedPlan(kept) : null),
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

export function moveOf(step: Step): ThrottledMove {
  const { at, before, after } = placedOf(step)
  return { ...at, before: before.replicas, after: after.replicas, disks: diskBrokers(before, after) }
}

function standingOf(step: Step, now: PlanValue, sent: ReadonlySet<string>): Standing {
  const { item, before, after } = step
  const placed = asPlacedNow(now)
  if (placed !== undefined) {
    const ends = placedOf(step)
    const standing = standingOfPlaced(ends.before, ends.after, placed)
    if (standing !== 'moving') return standing
    return sent.has(item) ? 'underway' : 'before'
  }
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
  const { throttles } = settings
  const backwards = marksUnder(steps.map(moveOf), settings, throttles.map(asBefore))
  const marks = { ...settings, throttles: joinedMarks(throttles, backwards) }
  return newPlan(plan.kind, plan, steps, { settings: settingsValue(marks) })
}

function asBefore({ type, resource, name, before }: ThrottleMark) {
  return { type, resource, name, value: before }
}

type Outcomes = Map<string, KtoolError | null>

async function moveAll(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  plan: Plan,
  steps: readonly Step[],
  sent: Set<string>,
  underway: Underway,
): Promise<readonly Outcome<null>[]> {
  const { batch, ...settings } = reassignSettings(plan)
  const bytesOf = await sizesOf(changers.reassignments, steps)
  const outcomes: Outcomes = new Map()
  for (const part of batchesOf(steps, batch, ({ item }) => bytesOf.get(item) ?? 0)) {
    if (underway.signal.aborted) break
    const isCancelled = await moveBatch(changers, part, { settings, sent, outcomes, underway })
    if (!isCancelled) continue
    for (const step of steps) if (!outcomes.has(step.item)) outcomes.set(step.item, notBegun(step))
    break
  }
  return steps.map(({ item }) => ({
    item,
    outcome: outcomes.has(item) ? (outcomes.get(item) ?? null) : notGoneOn(),
  }))
}

interface Moving {
  readonly settings: ThrottleRates
  readonly sent: Set<string>
  readonly outcomes: Outcomes
  readonly underway: Underway
}

/** Directories are named before replicas come, so that they come there; whether somebody has cancelled it. */
async function moveBatch(
  changers: Pick<Changers, 'reassignments' | 'leaders'>,
  part: readonly Step[],
  { settings, sent, outcomes, underway }: Moving,
): Promise<boolean> {
  const dirs = new LogDirMoves(changers.reassignments, part)
  await dirs.begin()
  const placed = part.filter(({ item }) => !dirs.outcomes.has(item))
  const told = await reassign(changers.reassignments, placed.filter(isReassigned))
  for (const { item } of placed) {
    const refusal = told.get(item) ?? null
    outcomes.set(item, refusal)
    if (refusal === null) sent.add(item)
    else dirs.outcomes.set(item, refusal)
  }
  if (!underway.signal.aborted) await dirs.proceed()
  const accepted = placed.filter((step) => isReassigned(step) && outcomes.get(step.item) === null)
  const left = await follow(changers.reassignments, accepted.map(targetOf), underway)
  if (left.length > 0 && settings.throttleBytesPerSecond !== null) {
    // Without its throttle a move would take all the network there is: it is begun again by the next run.
    await changers.reassignments.reassign(left.map((at) => ({ ...at, replicas: null })))
    for (const at of left) outcomes.set(partitionName(at), notGoneOn())
  }
  const ended = accepted.filter((step) => !left.some((at) => partitionName(at) === step.item))
  const cancelled = ended.length === 0 ? [] : await cancelledAmong(changers, ended, underway.signal)
  for (const step of cancelled) dirs.outcomes.set(step.item, wasCancelled(step))
  await dirs.settle(underway, { goesOn: settings.diskThrottleBytesPerSecond === null })
  for (const [item, outcome] of dirs.outcomes) if (!outcomes.get(item)) outcomes.set(item, outcome)
  return [...dirs.outcomes.values()].some(({ code }) => code === CANCELLED)
}

/** Replicas that only lie elsewhere on their broker are none of the controller's business. */
function isReassigned(step: Step): boolean {
  const { before, after } = moveOf(step)
  return before.join() !== after.join()
}

async function reassign(
  reassignments: Changers['reassignments'],
  steps: readonly Step[],
): Promise<ReadonlyMap<string, KtoolError | null>> {
  const told = steps.length === 0 ? [] : await reassignments.reassign(steps.map(targetOf))
  return new Map(steps.map(({ item }, i) => [item, told[i]?.outcome ?? null]))
}

function targetOf({ item, after }: Step): ReassignmentTarget {
  return { ...partitionOf(item), replicas: replicaList(after) }
}

async function sizesOf(
  reassignments: Changers['reassignments'],
  steps: readonly Step[],
): Promise<ReadonlyMap<string, number>> {
  const ends = steps.map(placedOf)
  const brokers = [...new Set(ends.flatMap(({ before }) => before.replicas))]
  const told = await reassignments.sizes(brokers)
  const sizes = foundIn(told).flat()
  const placed = ends.map(({ at, before: { replicas }, after }) => ({
    partition: { ...at, replicas, isr: replicas, leader: null },
    target: after.replicas,
    logDirs: after.logDirs,
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
