import type { ItemFailure } from '../model/outcome.ts'

/** One format, writing a list front to back. */
export interface Writer {
  /** Failures are part of the document; elsewhere they go to stderr as they come. */
  readonly keepsFailures: boolean
  head(): string
  rows(rows: readonly unknown[]): string
  tail(failures: readonly ItemFailure[]): string
}

/** For whom it is written, and how. */
export interface Look {
  readonly isTerminal: boolean
  readonly hasColour: boolean
  readonly width: number
  readonly nowMs: number
  readonly hasHeaders: boolean
  readonly isCsvSafe: boolean
}
