import type { KtoolError } from '../errors.ts'
import type { ItemFailure, Outcome } from './outcome.ts'

/** As JSON says it: plans are files. An offset beyond 2⁵³−1 is its digits. */
export type PlanValue =
  | string
  | number
  | boolean
  | null
  | readonly PlanValue[]
  | { readonly [key: string]: PlanValue }

export function isPlanObject(value: PlanValue | undefined): value is { readonly [key: string]: PlanValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One thing that is to become another. */
export interface Step {
  /** What it is done to, as people name it: `orders`, `orders:3`, `billing orders:3`. */
  readonly item: string
  /** `create`, `delete`, `set`, `reset` … */
  readonly action: string
  /** Null where there is nothing before, or nothing after. */
  readonly before: PlanValue
  readonly after: PlanValue
}

/** What a changing command will do, as data: printed, kept in a file, applied later or never. */
export interface Plan {
  readonly version: 1
  /** Which change it is of: `topics.create` … */
  readonly kind: string
  /** Of the cluster that it was made for; null where the cluster has none. */
  readonly clusterId: string | null
  readonly madeAtMs: number
  /** What holds for the whole of it, such as a throttle. */
  readonly settings: { readonly [key: string]: PlanValue }
  /** One that changes nothing is among them: it is told as `unchanged`. */
  readonly steps: readonly Step[]
  /** What somebody should know before saying yes, as sentences. */
  readonly warnings: readonly string[]
}

/** What was asked for, as a plan, and those items of it that cannot be. */
export interface Planned {
  readonly plan: Plan
  readonly failures: readonly ItemFailure[]
}

/** Where and when a plan is made. */
export interface PlanOrigin {
  readonly clusterId: string | null
  readonly madeAtMs: number
}

/**
 * How a step's item stands to its plan: as it is before, as it will be, on its way there by itself, or neither, since
 * somebody else was here.
 */
export type Standing = 'before' | 'after' | 'underway' | 'stale'

/** What a change that takes long hears and tells meanwhile. */
export interface Underway {
  /** Somebody wants to stop: nothing more is begun, and what must not be left behind is put in order. */
  readonly signal: AbortSignal
  readonly report: (doneBytes: number, totalBytes: number) => Promise<void>
  /** A sentence for people. */
  readonly tell: (note: string) => Promise<void>
  /** Something stays that should be gone, though every step may be done: the command fails by it. */
  readonly leave: (item: string, error: KtoolError) => void
}

/** How steps of one kind are done, and undone. What it answers is in the order of the steps. */
export interface Change {
  readonly kind: string
  /** Nothing brings back what was there: it is asked for by name. */
  readonly isIrreversible: boolean
  /** What the steps' items are now, in the terms of `before` and `after`; for items that could not be asked, why. */
  now(plan: Plan, steps: readonly Step[]): Promise<readonly Outcome<PlanValue>[]>
  /** Changes that can go in one request go in one. A step that is not begun any more is `Cancelled`. */
  perform(plan: Plan, steps: readonly Step[], underway: Underway): Promise<readonly Outcome<null>[]>
  /** Steps that are sent together, before somebody who wants to stop is heard; 100 if it is not said. */
  readonly atOnce?: number
  /** What the cluster would say to it; nothing is changed by asking. */
  tryOut?(plan: Plan, steps: readonly Step[]): Promise<readonly Outcome<null>[]>
  /** Where more than the very values of `before` and `after` will do; equality decides if it is left out. */
  standing?(step: Step, now: PlanValue): Standing
  /** Several ends will do, or nobody knew: what is told is the one that was seen, and not the one that was planned. */
  readonly tellsSeen?: (step: Step) => boolean
  /** Nobody is shown what was set, such as a password: it is as it shall be when the cluster has said yes to it. */
  isUnseen?(step: Step): boolean
  /** The plan that brings back what was there, null where there is none; the same kind with its ends exchanged if it is left out. */
  inverse?(plan: Plan): Plan | null
  /** What undoes it in a form that other tools read too; it is kept beside the plan that undoes it. */
  keepsAlso?(undoing: Plan): { readonly extension: string; readonly text: string } | null
  /**
   * What undoes it, once it has run and left nothing behind that anybody would have to look for; null where it is as it
   * was kept.
   */
  ended?(kept: Plan): Plan | null
  /** A step as it is shown: without secrets, and without what only machines need. */
  shown?(step: Step): Pick<Step, 'before' | 'after'>
}

export function newPlan(
  kind: string,
  { clusterId, madeAtMs }: PlanOrigin,
  steps: readonly Step[],
  more: Partial<Pick<Plan, 'settings' | 'warnings'>> = {},
): Plan {
  return { version: 1, kind, clusterId, madeAtMs, settings: {}, steps, warnings: [], ...more }
}
