import { BugError } from '../../errors.ts'
import type { MetadataImage } from '../../log/cluster/metadata-image.ts'
import { MetadataReplay } from '../../log/cluster/metadata-replay.ts'
import type { MetadataState } from '../../log/cluster/metadata-state.ts'
import type { PartitionLog } from '../../log/write/partition-log.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { batchAt } from '../../records/scan-batches.ts'
import { KeptRecords } from './kept-records.ts'
import { type BatchPlace, leaderChangeBatch, metadataBatch } from './metadata-batches.ts'
import { mustBeUnderstood } from './metadata-checks.ts'

interface JournalOptions {
  readonly log: PartitionLog
  readonly clock: Clock
  /** The newest whole snapshot, if there is one, and the offset that it reaches to. */
  readonly snapshot: { readonly endOffset: number; readonly batches: Iterable<RecordBatch> } | null
}

/** More than that in one batch, and a broker that reads it has too much at once. */
const RECORDS_PER_BATCH = 10_000

/**
 * The metadata log and what its records have made: nothing changes the state but what was appended here and
 * then replayed.
 */
export class MetadataJournal {
  readonly kept = new KeptRecords()
  readonly #replay = new MetadataReplay((type, value) => this.kept.replay(type, value))
  readonly #log: PartitionLog
  readonly #clock: Clock
  #epoch = -1
  #sizeBytes = 0

  /** Throws a DataError where something in it cannot be understood: on such ground no cluster stands. */
  constructor({ log, clock, snapshot }: JournalOptions) {
    this.#log = log
    this.#clock = clock
    for (const batch of snapshot?.batches ?? []) this.#replayed(batch)
    for (const batch of log.batches(snapshot?.endOffset ?? log.logStartOffset)) {
      if (batch.lastOffset >= (snapshot?.endOffset ?? 0)) this.#take(batch)
    }
    mustBeUnderstood(log.path, this.#replay)
  }

  get state(): MetadataState {
    return this.#replay.state
  }

  /** Of the leadership that wrote the last batch. */
  get epoch(): number {
    return this.#epoch
  }

  get endOffset(): number {
    return this.#log.logEndOffset
  }

  /** Of the records since the snapshot. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  get log(): PartitionLog {
    return this.#log
  }

  /** What a transaction has changed does not count until it ends. */
  get isInTransaction(): boolean {
    return this.#replay.isInTransaction
  }

  get lastTimestampMs(): number {
    return Number(this.#replay.timestampMs)
  }

  /** A leader's new epoch begins with a record of its own. */
  beginEpoch(epoch: number, leaderId: number): void {
    const isFirst = this.endOffset === 0
    this.#write(leaderChangeBatch(leaderId, this.#place(epoch), isFirst ? this.kept.quorum() : []))
  }

  /** All or none of them. */
  append(values: readonly Buffer[]): void {
    if (values.length > 0) this.#write(metadataBatch(values, this.#place(this.#epoch)))
  }

  /** Of each partition one, and of partitions there may be very many: batch after batch. */
  appendSeries(values: readonly Buffer[]): void {
    for (let first = 0; first < values.length; first += RECORDS_PER_BATCH) {
      this.append(values.slice(first, first + RECORDS_PER_BATCH))
    }
  }

  snapshotTaken(): void {
    this.#sizeBytes = 0
  }

  image(): MetadataImage {
    const { state, timestampMs } = this.#replay
    return state.image({
      path: this.#log.path,
      endOffset: this.endOffset,
      epoch: this.#epoch,
      timestampMs,
      controllerId: state.controllerId,
    })
  }

  #place(epoch: number): BatchPlace {
    return { baseOffset: this.endOffset, epoch, timestampMs: this.#clock.nowMs() }
  }

  #write(bytes: Buffer): void {
    const batch = batchAt(bytes, 0)
    if (batch.kind === 'damage') throw new BugError('own-batch-damaged', batch.finding)
    this.#log.append(bytes)
    this.#log.raiseHighWatermark(this.#log.logEndOffset)
    this.#take(batch)
  }

  #take(batch: RecordBatch): void {
    this.#replayed(batch)
    this.#epoch = batch.partitionLeaderEpoch
    this.#sizeBytes += batch.sizeBytes
  }

  #replayed(batch: RecordBatch): void {
    this.#replay.batch(batch)
    if (batch.isControl) this.kept.replayControl(batch)
  }
}
