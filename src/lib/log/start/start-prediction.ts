import type { Int64 } from '../../bytes/int64.ts'

/** What a broker of Kafka 4.3 would make of a partition's folder when it starts. */
export interface StartPrediction {
  /** With the mark of a clean shutdown beside the folder. */
  readonly clean: StartOutcome
  /** Without it: every segment from the recovery point on is recovered. */
  readonly unclean: StartOutcome
}

export interface StartOutcome {
  readonly comesUp: boolean
  /** Why it does not come up, or what a broker would log about it; null where there is nothing to say. */
  readonly reason: string | null
  /** Null where it does not come up. */
  readonly logStartOffset: Int64 | null
  readonly logEndOffset: Int64 | null
  /** Every file, those that go and those that come too. Null where it does not come up. */
  readonly files: readonly StartedFile[] | null
}

/**
 * A file once the log is loaded, before its broker becomes a leader and writes. What every broker does then is
 * left out: the indexes of the active segment grow to their preallocated size, and the leader adds its epoch.
 */
export interface StartedFile {
  readonly name: string
  readonly action: FileAction
  /** Afterwards; of a file that goes, what is lost with it. Of an index, the entries only. */
  readonly sizeBytes: number
  /** The name that it gets. */
  readonly renamedTo: string | null
}

/** rebuild: written anew with another content, or made because it was missing. */
export type FileAction = 'keep' | 'truncate' | 'rebuild' | 'delete' | 'rename'
