import type { ItemFailure } from '../model/outcome.ts'
import type { Shape } from './shape.ts'

/** What is looked at again and again: rows of one shape, made anew each round. */
export interface WatchedTab<Row = unknown> {
  readonly title: string
  readonly shape: Shape<Row>
  /** What a round costs is what the cluster is asked: a tab that nobody looks at is not sampled. */
  readonly sample: () => Promise<Sample<Row>>
  /** The column that rows are sorted by at first, and whether the largest comes first. */
  readonly sortBy?: { readonly key: string; readonly isDescending: boolean }
  /** A column whose last rounds are drawn beside it. */
  readonly trend?: string
  /** What Enter on a row leads to; without it, all that is known of the row. */
  readonly open?: (row: Row) => WatchedTab
}

export interface Sample<Row = unknown> {
  readonly rows: readonly Row[]
  readonly failures?: readonly ItemFailure[]
  /** Sums and the like, for the line above the rows. */
  readonly summary?: string
}

/** Rows only meet the columns of their own tab. */
export function watchedTab<Row>(tab: WatchedTab<Row>): WatchedTab {
  return tab as unknown as WatchedTab
}
