import { DataError } from '../../errors.ts'
import { isPlanObject, type Plan, type PlanValue } from '../../model/plan.ts'
import type { BatchLimit } from '../../operations/reassign-steps.ts'
import type { ThrottleMark } from '../../operations/throttle.ts'

/** What holds for a whole reassignment. */
export interface ReassignSettings {
  /** Null: as fast as the brokers can. */
  readonly throttleBytesPerSecond: number | null
  /** The same between the disks of one broker. */
  readonly diskThrottleBytesPerSecond: number | null
  readonly batch: BatchLimit | null
  /** What was set before, and what of it is ours: on disk with the plan that undoes this one, before anything is set. */
  readonly throttles: readonly ThrottleMark[]
  /** It brings back what was before: what is kept of it is not what the next rollback is about. */
  readonly isRollback: boolean
}

/** What nobody has asked for is not in it. */
export function settingsValue({
  throttleBytesPerSecond,
  diskThrottleBytesPerSecond,
  batch,
  throttles,
  isRollback,
}: ReassignSettings): Plan['settings'] {
  return {
    throttleBytesPerSecond,
    ...(diskThrottleBytesPerSecond !== null && { diskThrottleBytesPerSecond }),
    batch: batch === null ? null : { ...batch },
    throttles: throttles.map((mark) => ({ ...mark })),
    ...(isRollback && { isRollback }),
  }
}

/** Out of a plan, which may come out of a file. */
export function reassignSettings({ settings }: Pick<Plan, 'settings'>): ReassignSettings {
  const { batch = null, throttles = [] } = settings
  if (!Array.isArray(throttles)) throw malformed('throttles')
  return {
    throttleBytesPerSecond: rateOf(settings, 'throttleBytesPerSecond'),
    diskThrottleBytesPerSecond: rateOf(settings, 'diskThrottleBytesPerSecond'),
    batch: batchOf(batch),
    throttles: throttles.map(markOf),
    isRollback: settings.isRollback === true,
  }
}

/** A kept plan, of a run that has left no throttle; nothing where it could not have left one. */
export function endedPlan(kept: Plan): Plan | null {
  const { throttles } = reassignSettings(kept)
  return throttles.length === 0 ? null : { ...kept, settings: { ...kept.settings, ended: true } }
}

/** What the run of a kept plan may have left, unless it has ended in order. */
export function marksLeftBy(kept: Plan): readonly ThrottleMark[] {
  return kept.settings.ended === true ? [] : reassignSettings(kept).throttles
}

function rateOf(settings: Plan['settings'], key: string): number | null {
  const rate = settings[key] ?? null
  if (rate === null || isCount(rate)) return rate
  throw malformed(key)
}

function batchOf(value: PlanValue): BatchLimit | null {
  if (value === null) return null
  if (isPlanObject(value)) {
    const { partitions, bytes } = value
    if (isCount(partitions)) return { partitions }
    if (isCount(bytes)) return { bytes }
  }
  throw malformed('batch')
}

function markOf(value: PlanValue): ThrottleMark {
  if (!isPlanObject(value)) throw malformed('throttles')
  const { type, resource, name, before = null, found = null, ours } = value
  const isMark =
    (type === 'brokers' || type === 'topics') &&
    typeof resource === 'string' &&
    typeof name === 'string' &&
    (before === null || typeof before === 'string') &&
    (found === null || typeof found === 'string') &&
    typeof ours === 'string'
  if (!isMark) throw malformed('throttles')
  return { type, resource, name, before, found, ours }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function malformed(key: string): DataError {
  return new DataError('malformed-plan', `the plan's settings.${key} is not what a reassignment has there`, {
    hint: 'make the plan anew with ktool reassign',
    details: { key },
  })
}
