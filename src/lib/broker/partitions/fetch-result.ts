import type { LogSlice } from '../../log/write/partition-log.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { FetchTarget } from './fetch-target.ts'
import type { Partition } from './partition.ts'

export interface FetchedFacts {
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly slice?: LogSlice | undefined
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
}

const NOTHING: FetchedFacts = { highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 }

/** What one partition has for a client. */
export class FetchResult {
  readonly target: FetchTarget
  /** Nothing where this node does not have it. */
  readonly partition: Partition | undefined
  readonly error: ErrorName
  readonly facts: FetchedFacts

  constructor(
    target: FetchTarget,
    partition: Partition | undefined,
    error: ErrorName,
    facts: FetchedFacts = NOTHING,
  ) {
    this.target = target
    this.partition = partition
    this.error = error
    this.facts = facts
  }

  get sizeBytes(): number {
    return this.facts.slice?.sizeBytes ?? 0
  }

  /** The partition itself refused, or has something to say besides records: that is not waited with. */
  get isUrgent(): boolean {
    if (this.partition === undefined) return false
    return this.error !== 'NONE' || this.facts.divergingEpoch !== undefined
  }

  /** It has something that the client of a session does not know yet. */
  get hasNews(): boolean {
    const { target, error } = this
    const { highWatermark, logStartOffset, divergingEpoch } = this.facts
    const isChanged = highWatermark !== target.toldHighWatermark || logStartOffset !== target.toldLogStart
    return this.sizeBytes > 0 || isChanged || error !== 'NONE' || divergingEpoch !== undefined
  }

  /** The same, and then it counts as told. */
  isNews(): boolean {
    const { target, hasNews: isNews } = this
    const { highWatermark, logStartOffset } = this.facts
    // With an error there is no high watermark, so that everything is told again once it is over.
    target.toldHighWatermark = highWatermark
    target.toldLogStart = logStartOffset
    return isNews
  }
}
