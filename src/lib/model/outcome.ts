import { KtoolError } from '../errors.ts'

/** What became of one of several items: items fail one by one, the others go on. */
export interface Outcome<T> {
  readonly item: string
  readonly outcome: T | KtoolError
}

/** An item that failed, and why. */
export interface ItemFailure {
  readonly item: string
  readonly error: KtoolError
}

export function isError<T>(outcome: T | KtoolError): outcome is KtoolError {
  return outcome instanceof KtoolError
}

/** What came of those items that did not fail. */
export function foundIn<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.flatMap(({ outcome }) => (isError(outcome) ? [] : [outcome]))
}

/** The names of those. */
export function itemsIn(outcomes: readonly Outcome<unknown>[]): string[] {
  return outcomes.flatMap(({ item, outcome }) => (isError(outcome) ? [] : [item]))
}

export function failuresIn(outcomes: readonly Outcome<unknown>[]): ItemFailure[] {
  return outcomes.flatMap(({ item, outcome }) => (isError(outcome) ? [{ item, error: outcome }] : []))
}
