import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

/** The settings that a log obeys; a broker gives new ones when they change. */
export interface LogSettings {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly preallocate: boolean
  readonly fileDeleteDelayMs: number
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly maxMessageBytes: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
  /** Of tombstones, and of markers of which nothing else is left. */
  readonly deleteRetentionMs: number
  readonly cleanupPolicy: ReadonlySet<'compact' | 'delete'>
}

/** Batches where they lie; the first may begin below the offset that was asked for. */
export interface LogSlice {
  readonly file: ReadableFile
  readonly position: number
  /** With what there is room for of a last batch. */
  readonly sizeBytes: number
  /** Of the first batch. */
  readonly baseOffset: number
  /** Not of the active segment: its pages may be on the disk only. */
  readonly isCold: boolean
  /** Nothing that the index knows of between the end of the slice and this: so far Kafka looks for aborted transactions. */
  indexedEnd(): number
  /** Those that are whole, once the bytes have been read. */
  whole(bytes: Buffer): Buffer
}

export interface ReadWish {
  readonly maxBytes: number
  /** No batch that begins at or above it. */
  readonly upTo: number
  /** The first batch is given even where it is larger than that. */
  readonly atLeastOne: boolean
}

/** A producer as the log remembers it: its last batches, five at most, oldest first. */
export interface KnownProducer {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly batches: readonly KnownBatch[]
  readonly lastTimestamp: number
  readonly coordinatorEpoch: number
  readonly currentTxnFirstOffset: number | null
}

export interface KnownBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly timestamp: number
}

export interface OffsetAt {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

/**
 * The log of one partition, open for writing: segments with their indexes, producers, leader epochs, offsets.
 * Everything is written as Kafka writes it. Calls are synchronous and leave the log as it was when they throw.
 */
export interface PartitionLog {
  readonly path: string
  readonly topic: string
  readonly partition: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  /** The high watermark, or the begin of the first transaction that is open or not replicated to its end. */
  readonly lastStableOffset: number
  /** Everything below is on the disk itself. */
  readonly recoveryPoint: number
  readonly sizeBytes: number
  readonly latestEpoch: number | undefined

  configure(settings: LogSettings): void
  /**
   * Appends whole batches whose offsets, leader epochs and timestamps are final. Rolls a segment first where one
   * is due; learns producers, transactions and epochs from them.
   */
  append(batches: Buffer): void
  /** Never beyond the end. */
  raiseHighWatermark(offset: number): void
  /** Nothing where nothing below `upTo` lies at or above the offset. */
  read(offset: number, wish: ReadWish): LogSlice | undefined
  /** Batches from the one with this offset on. */
  batches(fromOffset: number): Generator<RecordBatch>
  /** Transactions that were aborted and have records from this offset up to that one. */
  abortedTransactions(fromOffset: number, upTo: number): { producerId: Int64; firstOffset: number }[]
  findByTime(timestamp: number): OffsetAt | undefined
  findMaxTimestamp(): OffsetAt | undefined
  /** Of the largest epoch at or below this one: where the next begins. As OffsetForLeaderEpoch answers. */
  endOffsetOfEpoch(epoch: number): { epoch: number; endOffset: number } | undefined
  /** The epoch of the records at this offset. */
  epochAt(offset: number): number | undefined
  producer(producerId: Int64): KnownProducer | undefined
  producers(): Iterable<KnownProducer>
  /** Forgets producers without an open transaction that were silent for so long. */
  expireProducers(nowMs: number, olderThanMs: number): void

  /** A leader's epoch that begins at the end of the log. */
  beginEpoch(epoch: number): void
  roll(): void
  /** Moves the log start up; segments below go at the next `deleteOldSegments`. */
  raiseLogStart(offset: number): void
  /** By log start, size and time. Files are renamed now and deleted after the delay. Returns how many segments. */
  deleteOldSegments(nowMs: number): number
  /** Everything appended so far; resolves with the new recovery point. */
  flush(): Promise<number>
}
