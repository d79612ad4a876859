import type { KtoolError } from '../errors.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { Outcome } from './outcome.ts'

/** Which records a reader is given: all that are replicated, or without those of transactions not committed. */
export const isolations = ['uncommitted', 'committed'] as const

export type Isolation = (typeof isolations)[number]

/** The topics of a place as those who read their records see them. */
export interface RecordsView {
  /** The partitions of a topic, or some of them, by ascending number; what cannot be read of one is the outcome of that one. */
  open(
    topic: string,
    isolation: Isolation,
    isWanted?: (partition: number) => boolean,
  ): Promise<readonly Outcome<ReadablePartition>[]>
  /** Where the place goes on: what there is by the time that it is asked. */
  readonly later?: LaterRecords
}

/** Whoever follows looks again and again; each time has a patience of its own. */
export interface LaterRecords extends Pick<RecordsView, 'open'> {
  /** Of all topics but the internal ones. */
  names(): Promise<readonly string[]>
}

export interface ReadablePartition {
  readonly topic: string
  readonly partition: number
  /** Which topic of this name it is, where that is known. */
  readonly topicId?: string | null
  readonly logStart: number | bigint
  /** Where reading ends: the high watermark, or the last stable offset for those who want committed records. */
  readonly end: number | bigint
  /** What that end is, or what lies behind it: a sentence for people. */
  readonly note: string | null
  /** The first record at that time or after it; null where there is none. */
  offsetAt(timeMs: number): Promise<number | bigint | null>
  /** What lies between two offsets, the second excluded; control records are not among it. */
  read(from: number | bigint, to: number | bigint): AsyncIterable<RecordsPart>
  /** The same without an end, with what is yet to be written: where the place goes on. */
  follow?(from: number | bigint): AsyncIterable<RecordsPart>
}

/** The code of the error that ends a partition whose topic is not there any more. */
export const TOPIC_DELETED = 'topic-deleted'

/** Batches as they lie there, one after the other; what could not be read is an error among them. */
export type RecordsPart = FoundBatch | LostBatch

export interface FoundBatch {
  readonly kind: 'batch'
  /** Good until the next part is asked for. Some of its records may lie outside of what was asked for. */
  readonly batch: RecordBatch
}

export interface LostBatch {
  readonly kind: 'lost'
  readonly error: KtoolError
}
