import type { Int64 } from '../../bytes/int64.ts'
import type { TimestampSource } from './segment-facts.ts'
import type { TopicSettings } from './topic-settings.ts'

/** A partition as a whole, or one of its segments. */
export interface ExplainRow {
  readonly topic: string
  readonly partition: number | null
  readonly folder: string
  readonly kind: 'partition' | 'segment'
  readonly file: string | null
  readonly baseOffset: Int64 | null
  readonly nextOffset: Int64 | null
  readonly sizeBytes: number
  readonly largestTimestampMs: Int64 | null
  readonly timestampFrom: TimestampSource | null
  /** Of the active segment: the first append with a later timestamp begins a new one. */
  readonly rollsAtMs: number | null
  readonly retention: 'delete' | 'keep' | null
  readonly retentionBy: 'log start' | 'size' | 'time' | null
  readonly retentionAtMs: number | null
  readonly blockedBy: string | null
  readonly retentionReason: string | null
  /** Null where the topic is not compacted. */
  readonly compaction: 'run' | 'wait' | 'clean' | 'dirty' | 'uncleanable' | 'active' | null
  readonly compactionReason: string | null
  readonly firstDirtyOffset: Int64 | null
  readonly uncleanableFromOffset: Int64 | null
  readonly cleanableBytes: number | null
  readonly dirtyRatio: number | null
  readonly earliestDeleteHorizonMs: Int64 | null
  /** After an unclean stop. */
  readonly recovery: 'read' | 'skip'
  readonly recoveryReason: string | null
  readonly recoveryPoint: Int64 | null
  readonly recoveryBytes: number
  readonly settings: TopicSettings['sources'] | null
}
