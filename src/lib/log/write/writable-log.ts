import { basename, join } from 'node:path'
import { DataError, FailedError } from '../../errors.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { scanBatches } from '../../records/scan-batches.ts'
import { segmentFileName } from '../files/file-names.ts'
import { parseFolderName } from '../files/folder-names.ts'
import { formatProducerSnapshot } from '../files/producer-snapshot.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import type { LeaderEpochs } from '../start/leader-epochs.ts'
import type { LogProducers } from './log-producers.ts'
import type { LogRoom } from './log-room.ts'
import { LogSegment } from './log-segment.ts'
import type {
  KnownProducer,
  LogSettings,
  LogSlice,
  OffsetAt,
  PartitionLog,
  ReadWish,
} from './partition-log.ts'
import { batchesFrom, findByTime, findMaxTimestamp } from './record-search.ts'
import { replaceFile, writeFile } from './replace-file.ts'
import { deletableSegments } from './retention.ts'
import { type Append, mustRoll } from './roll-rules.ts'
import { inTableOrder } from './snapshot-order.ts'

/** A log as it was found or made: what a writable one begins with. */
export interface LogBeginning {
  readonly segments: readonly LogSegment[]
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly recoveryPoint: number
  readonly producers: LogProducers
  readonly lastSnapshot: number
  readonly epochs: LeaderEpochs
}

export const epochFile = 'leader-epoch-checkpoint'

/** The log of a partition on a disk. */
export class WritableLog implements PartitionLog {
  readonly topic: string
  readonly partition: number
  readonly #room: LogRoom
  readonly #producers: LogProducers
  readonly #epochs: LeaderEpochs
  #path: string
  #settings: LogSettings
  #segments: LogSegment[]
  #logStartOffset: number
  #logEndOffset: number
  #highWatermark: number
  #recoveryPoint: number
  #lastSnapshot: number
  /** Snapshots and the like that were written since the last flush. */
  readonly #unflushed = new Set<string>()
  /** Counts what makes a flush under way worthless. */
  #truncations = 0
  #isRetired = false

  constructor(room: LogRoom, path: string, settings: LogSettings, beginning: LogBeginning) {
    const said = parseFolderName(basename(path))
    this.topic = said?.topic ?? ''
    this.partition = said?.partition ?? 0
    this.#room = room
    this.#path = path
    this.#settings = settings
    this.#segments = [...beginning.segments]
    this.#logStartOffset = beginning.logStartOffset
    this.#logEndOffset = beginning.logEndOffset
    this.#highWatermark = beginning.highWatermark
    this.#recoveryPoint = beginning.recoveryPoint
    this.#producers = beginning.producers
    this.#lastSnapshot = beginning.lastSnapshot
    this.#epochs = beginning.epochs
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
    return this.#segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  get latestEpoch(): number | undefined {
    return this.#epochs.entries.at(-1)?.epoch
  }

  get settings(): LogSettings {
    return this.#settings
  }

  get firstBaseOffset(): number {
    return this.#segments[0]?.baseOffset ?? this.#logStartOffset
  }

  configure(settings: LogSettings): void {
    this.#settings = settings
  }

  append(batches: Buffer): void {
    if (this.#isRetired) throw new FailedError('log-gone', `${this.#path} is not written to any more`)
    const views = wholeBatches(batches)
    const [first] = views
    const last = views.at(-1)
    if (first === undefined || last === undefined) return
    this.#rollFor({
      sizeBytes: batches.length,
      firstOffset: Number(first.baseOffset ?? first.lastOffset),
      lastOffset: Number(last.lastOffset),
      maxTimestamp: views.reduce((largest, { maxTimestamp }) => Math.max(largest, Number(maxTimestamp)), -1),
    })
    this.#learnEpochs(views)
    const segment = this.#active()
    segment.append(batches, views, this.#settings)
    for (const batch of views) {
      const aborted = this.#producers.add(batch)
      if (aborted !== null) segment.txnindex.add(aborted)
    }
    this.#logEndOffset = Number(last.lastOffset) + 1
  }

  raiseHighWatermark(offset: number): void {
    if (offset <= this.#highWatermark) return
    this.#highWatermark = Math.min(offset, this.#logEndOffset)
    this.#producers.replicatedTo(this.#highWatermark)
  }

  read(offset: number, { maxBytes, upTo, atLeastOne }: ReadWish): LogSlice | undefined {
    if (offset >= Math.min(upTo, this.#logEndOffset)) return undefined
    this.#room.headers.forget()
    for (let i = this.#floor(offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i] as LogSegment
      const first = segment.find(offset)
      if (first === undefined) continue
      const { position, sizeBytes } = first
      const baseOffset = Number(first.baseOffset ?? first.lastOffset)
      if (baseOffset >= upTo) return undefined
      if (sizeBytes > maxBytes && !atLeastOne) return undefined
      const limit = Math.min(position + maxBytes, this.#endBelow(i, upTo))
      const end = segment.endWithin(position + sizeBytes, Math.max(limit, position + sizeBytes))
      const isCold = i < this.#segments.length - 1
      return { file: segment.file, position, sizeBytes: end - position, baseOffset, isCold }
    }
    return undefined
  }

  *batches(fromOffset: number): Generator<RecordBatch> {
    for (let i = this.#floor(fromOffset); i < this.#segments.length; i++) {
      const segment = this.#segments[i] as LogSegment
      this.#room.headers.forget()
      const first = segment.find(fromOffset)
      if (first !== undefined) yield* batchesFrom(segment, first.position)
    }
  }

  abortedTransactions(fromOffset: number, upTo: number): { producerId: number; firstOffset: number }[] {
    const found: AbortedTransaction[] = []
    for (let i = this.#floor(fromOffset); i < this.#segments.length; i++) {
      for (const entry of this.#segments[i]?.txnindex.entries ?? []) {
        if (entry.lastOffset >= fromOffset && entry.firstOffset < upTo) found.push(entry)
        // Whatever ends later begins behind this place.
        if (entry.lastStableOffset >= upTo) return found.map(asAborted)
      }
    }
    return found.map(asAborted)
  }

  findByTime(timestamp: number): OffsetAt | undefined {
    return findByTime(this.#segments, timestamp, this.#logStartOffset)
  }

  findMaxTimestamp(): OffsetAt | undefined {
    this.#room.headers.forget()
    return findMaxTimestamp(this.#segments)
  }

  endOffsetOfEpoch(epoch: number): { epoch: number; endOffset: number } | undefined {
    const { entries } = this.#epochs
    if (epoch < 0) return undefined
    if (epoch === entries.at(-1)?.epoch) return { epoch, endOffset: this.#logEndOffset }
    const next = entries.find((entry) => entry.epoch > epoch)
    if (next === undefined) return undefined
    const floor = entries.findLast((entry) => entry.epoch <= epoch)
    return { epoch: floor?.epoch ?? epoch, endOffset: Number(next.startOffset) }
  }

  epochAt(offset: number): number | undefined {
    return this.#epochs.entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch
  }

  producer(producerId: number): KnownProducer | undefined {
    return this.#producers.get(producerId)
  }

  producers(): Iterable<KnownProducer> {
    return this.#producers.all()
  }

  expireProducers(nowMs: number, olderThanMs: number): void {
    this.#producers.expire(nowMs, olderThanMs)
  }

  beginEpoch(epoch: number): void {
    this.#changeEpochs((epochs) => epochs.seen(epoch, this.#logEndOffset))
  }

  roll(): void {
    this.#rollAt(this.#logEndOffset)
  }

  raiseLogStart(offset: number): void {
    if (offset <= this.#logStartOffset) return
    this.#changeEpochs((epochs) => epochs.truncateStart(offset))
    this.#logStartOffset = offset
  }

  deleteOldSegments(nowMs: number): number {
    const { segments, settings } = { segments: this.#segments, settings: this.#settings }
    const { logStartOffset, logEndOffset, highWatermark } = this
    const facts = { segments, settings, nowMs, logStartOffset, logEndOffset, highWatermark }
    const gone = deletableSegments(facts)
    if (gone.length === 0) return 0
    if (gone.length === segments.length) this.roll()
    this.raiseLogStart(this.#segments[gone.length]?.baseOffset ?? this.#logEndOffset)
    this.#deleteSegments(gone)
    return gone.length
  }

  truncateTo(_offset: number): void {
    throw new Error('not yet')
  }

  async flush(): Promise<number> {
    const upTo = this.#logEndOffset
    if (this.#isRetired || !this.isDirty) return this.#recoveryPoint
    const truncations = this.#truncations
    const active = this.#active()
    const from = this.#floor(this.#recoveryPoint)
    const paths = [...this.#unflushed]
    this.#unflushed.clear()
    for (const segment of this.#segments.slice(from)) await segment.flush(segment === active)
    for (const path of paths) await this.#flushFile(path)
    if (paths.length > 0) await this.#room.disk.flushFolder(this.#path)
    if (truncations === this.#truncations) this.#recoveryPoint = Math.max(upTo, this.#recoveryPoint)
    return this.#recoveryPoint
  }

  /** Something was appended since the last flush. */
  get isDirty(): boolean {
    return this.#logEndOffset > this.#recoveryPoint || this.#unflushed.size > 0
  }

  /** Its file is open for writing. */
  get isOpen(): boolean {
    return this.#active().isOpen
  }

  /** Puts into the indexes what they have not, for whoever reads the folder meanwhile. */
  writeIndexes(): void {
    this.#active().writeIndexes()
  }

  /** Its files are closed until it is written to again. */
  rest(): void {
    this.#active().release()
  }

  /** Nothing is written to it any more, and where it was it is not to be found: its folder has another name. */
  retire(path: string): void {
    this.#isRetired = true
    this.#truncations++
    for (const segment of this.#segments) {
      segment.release()
      this.#room.files.file(segment.path).close()
    }
    this.#unflushed.clear()
    this.#path = path
  }

  /** Everything is written and on the disk itself, and the files are as a broker leaves them. */
  async close(): Promise<void> {
    if (this.#isRetired) return
    this.#takeSnapshot()
    this.#active().end()
    await this.flush()
    this.#active().release()
  }

  /** A file of the folder that the next flush has to take care of. */
  willFlush(path: string): void {
    this.#unflushed.add(path)
  }

  #active(): LogSegment {
    return this.#segments[this.#segments.length - 1] as LogSegment
  }

  #floor(offset: number): number {
    let i = this.#segments.length - 1
    while (i > 0 && (this.#segments[i] as LogSegment).baseOffset > offset) i--
    return i
  }

  /** Where in the segment those batches end that begin below the offset. */
  #endBelow(i: number, upTo: number): number {
    const segment = this.#segments[i] as LogSegment
    const nextOffset = this.#segments[i + 1]?.baseOffset ?? this.#logEndOffset
    if (upTo >= nextOffset) return segment.sizeBytes
    const batch = segment.find(upTo)
    if (batch === undefined) return segment.sizeBytes
    const begins = Number(batch.baseOffset ?? batch.lastOffset)
    return begins >= upTo ? batch.position : batch.position + batch.sizeBytes
  }

  #rollFor(append: Append): void {
    const { clock } = this.#room
    const active = this.#active()
    if (mustRoll(active.rollFacts(), append, this.#settings, clock.nowMs())) this.#rollAt(append.firstOffset)
  }

  #rollAt(offset: number): void {
    const baseOffset = Math.max(offset, this.#logEndOffset)
    const active = this.#active()
    // An empty segment of that offset is the new one already.
    if (active.baseOffset === baseOffset && active.sizeBytes === 0) return
    const segment = this.#newSegment(baseOffset)
    segment.begin(this.#settings)
    active.end()
    this.#segments.push(segment)
    this.#logEndOffset = baseOffset
    this.#takeSnapshot()
    this.#unflushed.add(segment.path)
  }

  #newSegment(baseOffset: number): LogSegment {
    const { segmentJitterMs, segmentMs } = this.#settings
    const most = Math.min(segmentJitterMs, segmentMs)
    const jitterMs = most > 0 ? this.#room.random.below(most) : 0
    return new LogSegment(this.#room, this.#path, baseOffset, 0, jitterMs)
  }

  #takeSnapshot(): void {
    const offset = this.#logEndOffset
    if (offset <= this.#lastSnapshot) return
    const path = join(this.#path, segmentFileName(offset, 'snapshot'))
    writeFile(this.#room.disk, path, formatProducerSnapshot(inTableOrder(this.#producers.entries())))
    this.#lastSnapshot = offset
    this.#unflushed.add(path)
  }

  #learnEpochs(batches: readonly RecordBatch[]): void {
    const latest = this.latestEpoch ?? -1
    if (!batches.some(({ partitionLeaderEpoch }) => partitionLeaderEpoch > latest)) return
    this.#changeEpochs((epochs) => {
      for (const batch of batches)
        epochs.seen(batch.partitionLeaderEpoch, batch.baseOffset ?? batch.lastOffset)
    })
  }

  /** On the disk before anything counts that needs it. */
  #changeEpochs(change: (epochs: LeaderEpochs) => void): void {
    const before = [...this.#epochs.entries]
    const bytesBefore = this.#epochs.bytes()
    change(this.#epochs)
    const bytes = this.#epochs.bytes()
    if (bytes.equals(bytesBefore)) return
    const path = join(this.#path, epochFile)
    try {
      replaceFile(this.#room.disk, path, bytes)
    } catch (cause) {
      this.#epochs.restore(before)
      throw cause
    }
    this.#unflushed.add(path)
  }

  #deleteSegments(gone: readonly LogSegment[]): void {
    this.#segments = this.#segments.filter((segment) => !gone.includes(segment))
    const paths = gone.flatMap((segment) => this.#setAside(segment))
    this.#room.deletions.after(this.#settings.fileDeleteDelayMs, paths)
  }

  #setAside(segment: LogSegment): string[] {
    const { disk, files } = this.#room
    segment.release()
    files.file(segment.path).close()
    const snapshot = join(this.#path, segmentFileName(segment.baseOffset, 'snapshot'))
    const { index, timeindex, txnindex } = segment
    const all = [segment.path, index.path, timeindex.path, txnindex.path, snapshot]
    const there = all.filter((path) => disk.stat(path) !== undefined)
    for (const path of there) disk.rename(path, `${path}.deleted`)
    return there.map((path) => `${path}.deleted`)
  }

  async #flushFile(path: string): Promise<void> {
    if (this.#room.disk.stat(path) === undefined) return
    const file = this.#room.disk.openToAppend(path)
    try {
      await file.flush()
    } finally {
      file.close()
    }
  }
}

function wholeBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (const found of scanBatches(bytes)) {
    if (found.kind !== 'batch')
      throw new DataError('not-a-batch', `no batch can be appended: ${found.finding}`)
    batches.push(found)
  }
  return batches
}

function asAborted({ producerId, firstOffset }: AbortedTransaction) {
  return { producerId: Number(producerId), firstOffset: Number(firstOffset) }
}
