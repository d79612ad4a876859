import { basename } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { FailedError } from '../../errors.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { parseFolderName } from '../files/folder-names.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import { appendOf, wholeBatches } from './appended-batches.ts'
import { beginSegment } from './begin-segment.ts'
import { EpochFile } from './epoch-file.ts'
import type { LogBeginning } from './log-beginning.ts'
import { LogFlush } from './log-flush.ts'
import type { LogProducers } from './log-producers.ts'
import type { LogRoom } from './log-room.ts'
import { LogSegment } from './log-segment.ts'
import { LogSegments } from './log-segments.ts'
import type {
  KnownProducer,
  LogSettings,
  LogSlice,
  OffsetAt,
  PartitionLog,
  ReadWish,
} from './partition-log.ts'
import { ProducerSnapshots } from './producer-snapshots.ts'
import { findByTime, findMaxTimestamp } from './record-search.ts'
import { deletableSegments } from './retention.ts'
import { type Append, mustRoll } from './roll-rules.ts'

/** The log of a partition on a disk. */
export class WritableLog implements PartitionLog {
  readonly topic: string
  readonly partition: number
  readonly #room: LogRoom
  #producers: LogProducers
  readonly #epochs: EpochFile
  readonly #segments: LogSegments
  #path: string
  #settings: LogSettings
  #logStartOffset: number
  #logEndOffset: number
  #highWatermark: number
  #recoveryPoint: number
  #checkpointed: number
  readonly #snapshots: ProducerSnapshots
  readonly #flush: LogFlush
  #isRetired = false
  /** Up to here it was compacted; not said of one that never was. */
  cleanedOffset: number | undefined

  constructor(room: LogRoom, path: string, settings: LogSettings, beginning: LogBeginning) {
    const said = parseFolderName(basename(path))
    this.topic = said?.topic ?? ''
    this.partition = said?.partition ?? 0
    this.#room = room
    this.#flush = new LogFlush(room.disk)
    this.#path = path
    this.#settings = settings
    this.#segments = new LogSegments(room.headers, beginning.segments)
    this.#logStartOffset = beginning.logStartOffset
    this.#logEndOffset = beginning.logEndOffset
    this.#highWatermark = beginning.highWatermark
    this.#recoveryPoint = beginning.recoveryPoint
    this.#checkpointed = beginning.recoveryPoint
    this.cleanedOffset = beginning.cleanedOffset
    this.#producers = beginning.producers
    this.#snapshots = new ProducerSnapshots(room.disk, this.#flush, beginning.lastSnapshot, this.sizeBytes)
    this.#epochs = new EpochFile(room.disk, path, beginning.epochs)
  }

  get path(): string {
    return this.#path
  }

  get logStartOffset(): number {
    return this.#logStartOffset
  }

  get logEndOffset(): number {
    return this.#logEndOffset
  }

  get highWatermark(): number {
    return this.#highWatermark
  }

  get lastStableOffset(): number {
    return Math.min(this.#highWatermark, this.#producers.firstUnstableOffset ?? this.#highWatermark)
  }

  get recoveryPoint(): number {
    return this.#recoveryPoint
  }

  get sizeBytes(): number {
    return this.#segments.sizeBytes
  }

  get latestEpoch(): number | undefined {
    return this.#epochs.latest
  }

  get settings(): LogSettings {
    return this.#settings
  }

  /** By ascending base offset; the last one is written to. */
  get segments(): readonly LogSegment[] {
    return this.#segments.all
  }

  /** Its topic is gone, or its broker stops. */
  get isRetired(): boolean {
    return this.#isRetired
  }

  get firstBaseOffset(): number {
    return this.#segments.all[0]?.baseOffset ?? this.#logStartOffset
  }

  configure(settings: LogSettings): void {
    this.#settings = settings
  }

  append(batches: Buffer): void {
    if (this.#isRetired) throw new FailedError('log-gone', `${this.#path} is not written to any more`)
    this.#flush.assertSound(this.#path)
    const views = wholeBatches(batches)
    const append = appendOf(views, batches.length)
    if (append === undefined) return
    this.#rollFor(append)
    this.#noteEpochs(this.#epochs.learn(views))
    const segment = this.#segments.active
    // Before anything is written: a marker may have to be noted in it.
    if (views.some(({ isControl }) => isControl)) segment.txnindex.load()
    segment.append(batches, views, this.#settings)
    for (const batch of views) {
      const aborted = this.#producers.add(batch)
      if (aborted !== null) segment.txnindex.add(aborted)
    }
    this.#logEndOffset = append.lastOffset + 1
  }

  raiseHighWatermark(offset: number): void {
    if (offset <= this.#highWatermark) return
    this.#highWatermark = Math.min(offset, this.#logEndOffset)
    this.#producers.replicatedTo(this.#highWatermark)
  }

  read(offset: number, wish: ReadWish): LogSlice | undefined {
    const isBelow = offset < wish.upTo && offset < this.#logEndOffset
    return isBelow ? this.#segments.read(offset, wish, this.#logEndOffset) : undefined
  }

  batches(fromOffset: number): Generator<RecordBatch> {
    return this.#segments.batches(fromOffset)
  }

  abortedTransactions(fromOffset: number, upTo: number): { producerId: Int64; firstOffset: number }[] {
    const entries = this.abortedEntries(fromOffset, upTo)
    return entries.map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }))
  }

  /** The same as the transaction indexes have them. */
  abortedEntries(fromOffset: number, upTo: number): AbortedTransaction[] {
    return this.#segments.abortedTransactions(fromOffset, upTo)
  }

  findByTime(timestamp: number): OffsetAt | undefined {
    return findByTime(this.#segments.all, timestamp, this.#logStartOffset)
  }

  findMaxTimestamp(): OffsetAt | undefined {
    this.#room.headers.forget()
    return findMaxTimestamp(this.#segments.all)
  }

  endOffsetOfEpoch(epoch: number): { epoch: number; endOffset: number } | undefined {
    return this.#epochs.endOffsetOf(epoch, this.#logEndOffset)
  }

  epochAt(offset: number): number | undefined {
    return this.#epochs.epochAt(offset)
  }

  producer(producerId: Int64): KnownProducer | undefined {
    return this.#producers.get(producerId)
  }

  producers(): Iterable<KnownProducer> {
    return this.#producers.all()
  }

  expireProducers(nowMs: number, olderThanMs: number): void {
    this.#producers.expire(nowMs, olderThanMs)
  }

  beginEpoch(epoch: number): void {
    this.#noteEpochs(this.#epochs.begin(epoch, this.#logEndOffset))
  }

  roll(): void {
    this.rollTo(this.#logEndOffset)
  }

  /** The next batch begins a segment, at this offset or the end of the log. */
  rollTo(offset: number): void {
    const baseOffset = Math.max(offset, this.#logEndOffset)
    const active = this.#segments.active
    // An empty segment of that offset is the new one already.
    if (active.baseOffset === baseOffset && active.sizeBytes === 0) return
    const segment = beginSegment(this.#room, this.#path, baseOffset, this.#settings)
    try {
      // What was flushed of it before had not all of its indexes, and no later flush looks at it again.
      this.#flush.add(...active.end())
    } catch (cause) {
      segment.release()
      throw cause
    }
    this.#segments.add(segment)
    this.#logEndOffset = baseOffset
    this.#takeSnapshot()
    this.#flush.add(segment.path)
  }

  raiseLogStart(offset: number): void {
    if (offset <= this.#logStartOffset) return
    this.#noteEpochs(this.#epochs.truncateStart(offset))
    this.#logStartOffset = offset
  }

  deleteOldSegments(nowMs: number): number {
    const { logStartOffset, logEndOffset, highWatermark, settings } = this
    const segments = this.#segments.all
    const facts = { segments, settings, nowMs, logStartOffset, logEndOffset, highWatermark }
    const gone = deletableSegments(facts)
    if (gone.length === 0) return 0
    if (gone.length === segments.length) this.roll()
    this.raiseLogStart(this.#segments.all[gone.length]?.baseOffset ?? this.#logEndOffset)
    this.#deleteSegments(gone)
    return gone.length
  }

  /** A segment to be written beside those that it is to stand for, the first of which begins here. */
  beginCleaned(baseOffset: number): LogSegment {
    const segment = new LogSegment(this.#room, this.#path, baseOffset, 0, { ending: '.cleaned' })
    // A round that was given up may have left its own.
    segment.remove()
    segment.begin(this.#settings)
    return segment
  }

  /**
   * Puts a segment in the place of others, once it is on the disk itself. The steps are Kafka's, in its order: a
   * start that finds some of them done completes them, and nobody in this process sees one alone.
   */
  async replaceSegments(old: readonly LogSegment[], segment: LogSegment): Promise<void> {
    segment.changeEnding('.cleaned', '.swap')
    const gone = old.flatMap((each) => [
      ...each.setAside(),
      ...(each.baseOffset === segment.baseOffset
        ? []
        : this.#snapshots.setAside(this.#path, each.baseOffset)),
    ])
    segment.changeEnding('.swap', '')
    this.#segments.replace(old, segment)
    await this.#room.disk.flushFolder(this.#path)
    if (!this.#isRetired) this.#room.deletions.after(this.#settings.fileDeleteDelayMs, gone)
  }

  async flush(): Promise<number> {
    // Its files may be about to get other names.
    while (this.#flush.held !== undefined) await this.#flush.held
    const upTo = this.#logEndOffset
    if (this.#isRetired || !this.isDirty) return this.#recoveryPoint
    await this.#flush.run(this.#path, this.#segments.from(this.#recoveryPoint), this.#segments.active)
    // What it flushed of a log that went meanwhile counts for nothing.
    if (!this.#isRetired) this.#recoveryPoint = Math.max(upTo, this.#recoveryPoint)
    return this.#recoveryPoint
  }

  /**
   * Makes a later recovery short: with the indexes and the producers up to here on the disk, what lies below need
   * not be read again. Then `checkpointed` is where one would begin.
   */
  async prepareCheckpoint(): Promise<void> {
    if (this.#isRetired || this.#logEndOffset === this.#checkpointed) return
    const upTo = this.#logEndOffset
    const { active } = this.#segments
    this.#snapshots.takeForCheckpoint(this, this.#producers.entries())
    this.#flush.add(...active.writeIndexes())
    await this.flush()
    if (!this.#isRetired) this.#checkpointed = upTo
  }

  /** As the recovery point checkpoint has it. */
  get checkpointed(): number {
    return Math.min(this.#checkpointed, this.#recoveryPoint)
  }

  /** Something was appended since the last flush. */
  get isDirty(): boolean {
    return this.#logEndOffset > this.#recoveryPoint || this.#flush.hasFiles
  }

  /** Its file is open for writing. */
  get isOpen(): boolean {
    return this.#segments.active.isOpen
  }

  /** Puts into the indexes what they have not, for whoever reads the folder meanwhile. */
  writeIndexes(): void {
    this.#segments.active.writeIndexes()
  }

  /** Its files are closed until it is written to again. */
  rest(): void {
    this.#segments.active.release()
  }

  /** Puts its files in order for whoever reads them once it is retired. */
  tidyUp(): void {
    this.#segments.active.end()
  }

  /** Nothing is written to it any more. Its folder may have another name by now: who is reading it goes on there. */
  retire(path: string): void {
    this.#isRetired = true
    for (const segment of this.#segments.all) segment.leave()
    this.#flush.end()
    this.#path = path
    this.#segments.relocate(path)
  }

  /** Gives its folder another name. Who writes to it and who reads it goes on. */
  async moveTo(path: string): Promise<void> {
    await this.holdFlushes(() => {
      if (this.#isRetired) return
      this.#room.disk.rename(this.#path, path)
      this.#path = path
      for (const part of [this.#segments, this.#epochs, this.#snapshots, this.#flush]) part.relocate(path)
    })
  }

  /** While the work is done, nothing more of it gets to the disk itself. */
  holdFlushes<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#flush.hold(work)
  }

  /** It has all records of the other one: what that knows besides is known here as well from now on. */
  standFor(other: WritableLog): void {
    if (other.#logEndOffset > this.#logEndOffset) this.rollTo(other.#logEndOffset)
    this.raiseLogStart(other.#logStartOffset)
    this.#noteEpochs(this.#epochs.copy(other.#epochs))
    this.#snapshots.take(this, other.#producers.entries())
    this.#producers = other.#producers
    this.#highWatermark = other.#highWatermark
    this.cleanedOffset = other.cleanedOffset
  }

  /** Everything is written and on the disk itself, and the files are as a broker leaves them. */
  async close(): Promise<void> {
    if (this.#isRetired) return
    this.#takeSnapshot()
    const { active } = this.#segments
    this.#flush.add(...active.end())
    await this.flush()
    this.#checkpointed = this.#logEndOffset
    active.release()
    // Whoever was still under way would write behind what the next start takes for the end.
    this.#isRetired = true
  }

  /** A file of the folder that the next flush has to take care of. */
  willFlush(path: string): void {
    this.#flush.add(path)
  }

  #noteEpochs(isChanged: boolean): void {
    if (isChanged) this.#flush.add(this.#epochs.path)
  }

  #rollFor(append: Append): void {
    const { clock } = this.#room
    const active = this.#segments.active
    if (mustRoll(active.rollFacts(), append, this.#settings, clock.nowMs())) this.rollTo(append.firstOffset)
  }

  #takeSnapshot(): void {
    this.#snapshots.take(this, this.#producers.entries())
  }

  #deleteSegments(gone: readonly LogSegment[]): void {
    this.#segments.remove(gone)
    const paths = gone.flatMap((segment) => [
      ...segment.setAside(),
      ...this.#snapshots.setAside(this.#path, segment.baseOffset),
    ])
    this.#room.deletions.after(this.#settings.fileDeleteDelayMs, paths)
  }
}
