import type { Figure } from './figure.ts'
import type { TopicPartition } from './groups.ts'

/** The offsets that bound a partition. */
export interface PartitionOffsets extends TopicPartition {
  readonly logStart: Figure
  readonly highWatermark: Figure
  readonly lastStable: Figure
  readonly logEnd: Figure
  /** Why they are not known: the topic is deleted, there is no leader, no copy is here. */
  readonly reason: string | null
}

/** Which offset of a partition is wanted; `local` and `tiered` are about remote storage. */
export type OffsetPlace =
  | { readonly kind: 'start' | 'end' | 'committed' | 'max' | 'local' | 'tiered' }
  | { readonly kind: 'time'; readonly timeMs: number }

export interface FoundOffset extends TopicPartition {
  /** Null where there is no such offset. */
  readonly offset: Figure | null
  /** Of the record that was found. */
  readonly timestamp: number | bigint | null
  readonly reason: string | null
}

/** The first record that somebody who stands at an offset would get. */
export interface RecordTime extends TopicPartition {
  readonly timestampMs: number | bigint | null
  readonly reason: string | null
}

export interface OffsetsView {
  /** Nothing where there is no such topic. */
  partitions(topic: string): Promise<readonly number[] | undefined>
  offsets(partitions: readonly TopicPartition[]): Promise<PartitionOffsets[]>
  find(partitions: readonly TopicPartition[], place: OffsetPlace): Promise<FoundOffset[]>
  firstRecords(
    from: readonly (TopicPartition & { readonly offset: number | bigint })[],
  ): Promise<RecordTime[]>
}
