import type { KtoolError } from '../errors.ts'

/** What became of one of several items: items fail one by one, the others go on. */
export interface Outcome<T> {
  readonly item: string
  readonly outcome: T | KtoolError
}
