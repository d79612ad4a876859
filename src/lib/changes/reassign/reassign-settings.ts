import { DataError } from '../../errors.ts'
import { isPlanObject, type Plan, type PlanValue } from '../../model/plan.ts'
import type { BatchLimit } from '../../operations/reassign-steps.ts'
import type { ThrottleMark } from '../../operations/throttle.ts'

/** What holds for a whole reassignment. */
export interface ReassignSettings {
  /** Null: as fast as the brokers can. */
  readonly throttleBytesPerSecond: number | null
  readonly batch: BatchLimit | null
  /** What was set before, and what of it is ours: on disk with the plan that undoes this one, before anything is set. */
  readonly throttles: readonly ThrottleMark[]
}

export function settingsValue({
  throttleBytesPerSecond,
  batch,
  throttles,
}: ReassignSettings): Plan['settings'] {
  return {
    throttleBytesPerSecond,
    batch: batch === null ? null : { ...batch },
    throttles: throttles.map((mark) => ({ ...mark })),
  }
}

/** Out of a plan, which may come out of a file. */
export function reassignSettings({ settings }: Pick<Plan, 'settings'>): ReassignSettings {
  const { throttleBytesPerSecond = null, batch = null, throttles = [] } = settings
  if (throttleBytesPerSecond !== null && !isCount(throttleBytesPerSecond)) {
    throw malformed('throttleBytesPerSecond')
  }
  if (!Array.isArray(throttles)) throw malformed('throttles')
  return { throttleBytesPerSecond, batch: batchOf(batch), throttles: throttles.map(markOf) }
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
