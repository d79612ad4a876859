import type { KtoolError } from '../errors.ts'
import type { PlanValue, Step } from '../model/plan.ts'

/**
 * `started`: it was accepted, and goes on by itself. `interrupted`: it was not begun, since somebody wanted to stop.
 */
export const stepStatuses = ['planned', 'done', 'started', 'unchanged', 'failed', 'interrupted'] as const
export type StepStatus = (typeof stepStatuses)[number]

/** What became of a step. */
export interface StepResult {
  readonly step: Step
  readonly status: StepStatus
  /** What is there now, where it need not be what was planned. */
  readonly seen?: PlanValue
  /** Of a step that failed. */
  readonly error?: KtoolError
}

export function failed(step: Step, error: KtoolError): StepResult {
  return { step, status: 'failed', error }
}
