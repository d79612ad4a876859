import { FailedError, type KtoolError } from '../../errors.ts'
import type { Changers } from '../../model/changers.ts'
import type { LedPartition } from '../../model/leaders.ts'
import { foundIn, type Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import { newPlan, type Plan, type Planned, type PlanOrigin, type Step } from '../../model/plan.ts'
import type { Reassignment } from '../../model/reassignments.ts'
import { Disks, placementBefore, replicaName } from '../../operations/log-dirs.ts'
import { logDirAt, placementOf, placementValue } from '../../operations/partition-item.ts'
import { type PlacementGoal, place } from '../../operations/placement.ts'
import type { Placed } from '../../operations/placement-draft.ts'
import type { AssignedReplicas } from '../../operations/reassign-json.ts'
import { originOf, targetOf } from '../../operations/reassign-progress.ts'
import {
  assigned,
  type BatchLimit,
  type CopyEstimate,
  copyEstimate,
  namedIn,
  reassignmentSteps,
  settledPartitions,
} from '../../operations/reassign-steps.ts'
import { joinedMarks, type ThrottleMark, type ThrottleRates } from '../../operations/throttle.ts'
import { formatSize } from '../../values/sizes.ts'
import { moveOf, REASSIGN } from './reassign-change.ts'
import { settingsValue } from './reassign-settings.ts'
import { marksFor } from './throttled.ts'

type Parts = Pick<Changers, 'reassignments' | 'leaders'>

/** Where replicas shall be: line by line as somebody has written it, or as a goal for those that may move. */
export type ReassignmentWish =
  | { readonly lines: readonly AssignedReplicas[] }
  | { readonly goal: PlacementGoal; readonly mayMove: (partition: LedPartition) => boolean }

export interface ReassignmentLimits extends ThrottleRates {
  readonly batch: BatchLimit | null
  /** Others may be under way. */
  readonly isAdditional: boolean
  /** What reassignments before this one may have left. */
  readonly formerMarks: readonly ThrottleMark[]
}

/** Where every partition shall be that is asked for, held against the cluster as it is. */
export interface Arranged {
  readonly placed: readonly Placed[]
  readonly failures: readonly Outcome<KtoolError>[]
  readonly estimate: CopyEstimate
  readonly underWay: readonly Reassignment[]
  readonly disks: Disks
  readonly warnings: readonly string[]
}

export async function arrange({ reassignments, leaders }: Parts, wish: ReassignmentWish): Promise<Arranged> {
  const topics = 'lines' in wish ? [...new Set(wish.lines.map(({ topic }) => topic))] : undefined
  const [brokers, underWay, told] = await Promise.all([
    reassignments.brokers(),
    reassignments.underWay(),
    leaders.partitions(topics),
  ])
  const known = foundIn(told).flat()
  const partitions = settledPartitions(known, underWay)
  const disks = await disksNamed(reassignments, 'lines' in wish ? wish.lines : [], known)
  const { placed, failures, rackless } =
    'lines' in wish
      ? { ...assigned(wish.lines, partitions, brokers, disks), rackless: [] }
      : toPlaced(place({ brokers, partitions, ...wish }))
  const holders = new Set(placed.flatMap(({ partition }) => partition.replicas))
  const outcomes = holders.size === 0 ? [] : await reassignments.sizes([...holders])
  const sizes = foundIn(outcomes).flat()
  const estimate = copyEstimate(placed, sizes)
  return {
    placed,
    failures,
    estimate,
    underWay,
    disks,
    warnings: [...copyWarnings(estimate), ...rackWarnings(rackless)],
  }
}

/** Whoever names no directory asks for none; a replica that goes may have to come back to its own. */
async function disksNamed(
  reassignments: Parts['reassignments'],
  lines: readonly AssignedReplicas[],
  partitions: readonly LedPartition[],
): Promise<Disks> {
  const naming = lines.filter((line) => namedIn(line) !== null)
  if (naming.length === 0) return new Disks([])
  const named = new Set(naming.map(partitionName))
  const concerned = [...naming, ...partitions.filter((each) => named.has(partitionName(each)))]
  const brokers = [...new Set(concerned.flatMap(({ replicas }) => replicas))]
  return new Disks(await reassignments.disks(brokers, naming))
}

function toPlaced({ changed, ...rest }: ReturnType<typeof place>) {
  return { placed: changed, ...rest }
}

export async function planReassignment(
  parts: Parts,
  wish: ReassignmentWish,
  limits: ReassignmentLimits,
  origin: PlanOrigin,
): Promise<Planned> {
  const { placed, failures, underWay, disks, warnings } = await arrange(parts, wish)
  const strange = [...strangers(placed, underWay), ...strangersOnDisks(placed, disks)]
  if (strange.length > 0 && !limits.isAdditional) throw othersAreUnderWay(strange)
  const steps = reassignmentSteps(placed, disks).map((step) => startOf(step, underWay, disks))
  const { batch, formerMarks } = limits
  const fresh = await marksFor(parts.reassignments, steps.map(moveOf), limits)
  const settings = settingsValue({
    ...limits,
    batch,
    throttles: joinedMarks(formerMarks, fresh),
    isRollback: false,
  })
  return {
    plan: newPlan(REASSIGN, origin, steps, { settings, warnings }),
    failures: failures.map(({ item, outcome }) => ({ item, error: outcome })),
  }
}

/** To be written down, and applied later under the limits that are said then. */
export function planToKeep({ placed, underWay, disks, warnings }: Arranged, origin: PlanOrigin): Plan {
  const steps = reassignmentSteps(placed, disks).map((step) => startOf(step, underWay, disks))
  const settings = settingsValue({
    ...{ throttleBytesPerSecond: null, diskThrottleBytesPerSecond: null, batch: null, throttles: [] },
    isRollback: false,
  })
  return newPlan(REASSIGN, origin, steps, { settings, warnings })
}

/** One that is on its way to where it shall be is not there yet: it is waited for. */
function startOf(step: Step, underWay: readonly Reassignment[], disks: Disks): Step {
  const moving = underWay.find((each) => partitionName(each) === step.item)
  const after = placementOf(step.after)
  if (moving === undefined || targetOf(moving).join() !== after.replicas.join()) return step
  const before = placementBefore(moving, originOf(moving), after, disks)
  return { ...step, action: 'move', before: placementValue(before) }
}

/** Those under way that are not ours: another target, or another partition. */
function strangers(placed: readonly Placed[], underWay: readonly Reassignment[]): string[] {
  const targets = new Map(placed.map(({ partition, target }) => [partitionName(partition), target.join()]))
  return underWay
    .filter((each) => targets.get(partitionName(each)) !== targetOf(each).join())
    .map(partitionName)
}

/** Replicas whose directory is named, and that are on their way to another one. */
function strangersOnDisks(placed: readonly Placed[], disks: Disks): string[] {
  return placed.flatMap(({ partition, target, logDirs = null }) =>
    target.flatMap((id) => {
      const wanted = logDirAt({ replicas: target, logDirs }, id)
      const future = wanted === undefined ? null : (disks.replica(partition, id)?.future ?? null)
      return future === null || future === wanted ? [] : [replicaName(partition, id)]
    }),
  )
}

function copyWarnings(estimate: CopyEstimate): string[] {
  return [...brokerWarnings(estimate), ...diskWarnings(estimate)]
}

function diskWarnings({ disks: { totalBytes, replicaCount } }: CopyEstimate): string[] {
  if (replicaCount === 0) return []
  const copies = replicaCount === 1 ? 'one replica is' : `${replicaCount} replicas are`
  const where = `to ${replicaCount === 1 ? 'another disk of its broker' : 'other disks of their brokers'}`
  return [`${copies} copied ${where}, about ${formatSize(totalBytes)}`]
}

function brokerWarnings({ totalBytes, replicaCount, unknownCount }: CopyEstimate): string[] {
  if (replicaCount === 0) return []
  const copies = replicaCount === 1 ? 'one replica is' : `${replicaCount} replicas are`
  const unknown = unknownCount === 0 ? '' : `, and ${unknownCount} of unknown size`
  return [`${copies} copied to other brokers, about ${formatSize(totalBytes)}${unknown}`]
}

function rackWarnings(rackless: readonly number[]): string[] {
  if (rackless.length === 0) return []
  return [`brokers ${rackless.join(', ')} have no rack and others have: racks were left out of account`]
}

function othersAreUnderWay(items: readonly string[]): FailedError {
  const shown = items.slice(0, 5).join(', ') + (items.length > 5 ? ` and ${items.length - 5} more` : '')
  return new FailedError('reassignment-under-way', `other reassignments are under way: ${shown}`, {
    hint: 'wait for them (ktool reassign status), cancel them, or say --additional',
    details: { items },
  })
}
