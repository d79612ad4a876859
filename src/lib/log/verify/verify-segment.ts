import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import { BatchHeaders } from '../batch-headers.ts'
import type { Segment } from '../partition-folder.ts'
import { scanLog } from '../scan/scan-log.ts'
import type { KnownBatches } from '../start/start-segment.ts'
import type { Turns } from '../turns.ts'
import type { Findings } from './finding.ts'
import type { StretchLane } from './stretch-lane.ts'
import type { BatchSequence } from './verify-batches.ts'
import { IndexVerifier } from './verify-index.ts'
import { plainRecords, type VerifiedRecords, verifyRecords } from './verify-records.ts'
import { batchesIn, type VerifiedStretch } from './verify-stretch.ts'
import { type OpenData, TransactionIndexVerifier } from './verify-transaction-index.ts'

/** What was found in the logs of a partition, as far as it could be read. */
export interface Counts {
  /** Whole, and with the right CRC. */
  batches: number
  records: number
  /** Batches whose CRC is wrong, though it is clear where they end. */
  damagedBatches: number
  /** Bytes of damaged batches, and of what is no batch at all. */
  skippedBytes: number
}

export interface SegmentContext {
  readonly findings: Findings
  readonly sequence: BatchSequence
  readonly open: OpenData
  readonly counts: Counts
  readonly turns: Turns
  readonly nextBaseOffset: Int64 | undefined
  /** The mark of a clean stop lies beside the folder. */
  readonly isClean: boolean
  readonly doneBytes: number
  readonly totalBytes: number
  /** Where a second thread can have a part of the work. */
  readonly lane: StretchLane | undefined
  /** How many headers may be kept for whoever walks the log again. */
  readonly mostHeaders: number
}

const WORTH_KEEPING_BYTES = 1024

/** Reads all of a segment, once. Returns what is known of its batches then. */
export async function verifySegment(
  disk: ReadableDisk,
  segment: Segment,
  context: SegmentContext,
): Promise<KnownBatches> {
  const file = disk.openToRead(segment.log.path)
  try {
    const scan = new SegmentScan(disk, file, segment, context)
    return await scan.run()
  } finally {
    file.close()
  }
}

class SegmentScan {
  readonly #file: ReadableFile
  readonly #segment: Segment
  readonly #context: SegmentContext
  readonly #indexes: IndexVerifier
  readonly #transactions: TransactionIndexVerifier
  readonly #isActive: boolean
  readonly #headers: BatchHeaders
  #soundUpTo = 0
  #isDamaged = false
  #hasBatches = false
  #hasTimestamps = false

  constructor(disk: ReadableDisk, file: ReadableFile, segment: Segment, context: SegmentContext) {
    this.#file = file
    this.#segment = segment
    this.#context = context
    this.#headers = new BatchHeaders(context.mostHeaders)
    this.#isActive = context.nextBaseOffset === undefined
    this.#indexes = new IndexVerifier(disk, segment, { isActive: this.#isActive }, context.findings)
    this.#transactions = new TransactionIndexVerifier(disk, segment, context.findings, context.open)
  }

  async run(): Promise<KnownBatches> {
    const { sequence } = this.#context
    sequence.beginSegment(this.#segment)
    const position = await this.#scanAhead()
    if (position < this.#file.sizeBytes()) await this.#scan(position)
    this.#indexes.finish(this.#hasBatches, this.#hasTimestamps)
    this.#transactions.finish(this.#isDamaged)
    return { soundUpTo: this.#soundUpTo, headers: this.#headers }
  }

  /** Has the second half read by another thread. Returns where to go on. */
  async #scanAhead(): Promise<number> {
    const { lane } = this.#context
    const end = this.#file.sizeBytes()
    const from = this.#indexes.positionBehind(end / 2)
    if (lane === undefined || end < lane.worthBytes || from === undefined) return 0
    if (!(await lane.begin({ path: this.#file.path, from, to: end, end }))) return 0
    const position = await this.#scan(0, from)
    const stretch = await lane.take()
    // An index that is wrong may lead into the middle of a batch.
    return stretch === undefined || position !== from ? position : this.#takeOver(stretch)
  }

  #takeOver(stretch: VerifiedStretch): number {
    const feed = new BatchFeed(this.#file)
    let position = stretch.from
    for (const { batch, isPlain } of batchesIn(stretch)) {
      if (isPlain) this.#sound(batch, plainRecords(batch))
      else {
        feed.seek(position)
        const whole = feed.next()
        if (whole?.kind !== 'batch') break
        this.#sound(whole, verifyRecords(whole))
      }
      position += batch.sizeBytes
    }
    return position
  }

  /** Up to the first batch that does not begin before `to`. Returns where that is. */
  async #scan(from: number, to = Number.POSITIVE_INFINITY): Promise<number> {
    const { turns, doneBytes, totalBytes } = this.#context
    let position = from
    for (const scanned of scanLog(this.#file, { from, ...this.#bounds() })) {
      const { damage } = scanned
      if (scanned.kind === 'gap') this.#skip(scanned.damage)
      else if (damage !== null) this.#damaged(damage)
      else this.#sound(scanned.batch, verifyRecords(scanned.batch))
      const found = scanned.kind === 'gap' ? scanned.damage : scanned.batch
      position = found.position + found.sizeBytes
      if (position >= to) break
      if (turns.isDue()) await turns.turn(doneBytes + position, totalBytes)
    }
    return position
  }

  /** Offsets that are believed after damage. */
  #bounds(): { baseOffset: Int64; nextBaseOffset?: Int64 } {
    const { nextBaseOffset, sequence } = this.#context
    const { nextOffset = 0 } = sequence
    const { baseOffset } = this.#segment
    const from = nextOffset > baseOffset && this.#hasBatches ? nextOffset : baseOffset
    return nextBaseOffset === undefined ? { baseOffset: from } : { baseOffset: from, nextBaseOffset }
  }

  #sound(batch: RecordBatch, records: VerifiedRecords): void {
    const { sequence, counts } = this.#context
    counts.batches++
    counts.records += records.count
    sequence.add(this.#segment, batch, records.wrapped)
    this.#indexes.add(batch)
    this.#hasBatches = true
    if (batch.maxTimestamp >= 0) this.#hasTimestamps = true
    this.#transactions.add(batch, records.abortOffset)
    if (!this.#isDamaged) this.#known(batch)
    const { problem, mismatch } = records
    if (problem !== null) this.#say(batch, `records-${problem.code}`, 'error', problem.message)
    else if (mismatch !== null) {
      const reason = `the batch at position ${batch.position}: ${mismatch.finding}`
      this.#say(batch, mismatch.code, 'warning', reason)
    }
  }

  #known(batch: RecordBatch): void {
    this.#soundUpTo = batch.position + batch.sizeBytes
    // Of small batches a read brings many at once.
    if (batch.sizeBytes >= WORTH_KEEPING_BYTES) this.#headers.add(batch)
  }

  #say(batch: RecordBatch, code: string, severity: 'error' | 'warning', reason: string): void {
    const offset = batch.baseOffset ?? batch.lastOffset
    this.#context.findings.add(this.#segment.log.name, code, severity, reason, {
      position: batch.position,
      offset,
    })
  }

  #damaged(damage: Damage): void {
    this.#context.counts.damagedBatches++
    this.#unreadable(damage)
  }

  #skip(damage: Damage): void {
    if (damage.reason === 'zeros' && this.#isPreallocated()) {
      const { position, sizeBytes } = damage
      const reason = `ends in ${sizeBytes} bytes of room for batches: it was not closed`
      this.#context.findings.add(this.#segment.log.name, 'log-preallocated', 'info', reason, { position })
      return
    }
    this.#unreadable(damage)
  }

  /** A broker that was killed leaves room in the indexes of its active segment, too. */
  #isPreallocated(): boolean {
    return this.#isActive && !this.#context.isClean && this.#indexes.isPreallocated
  }

  #unreadable(damage: Damage): void {
    const { sequence, counts } = this.#context
    this.#isDamaged = true
    this.#transactions.damaged()
    counts.skippedBytes += damage.sizeBytes
    this.#indexes.skip(damage.position + damage.sizeBytes)
    sequence.damaged(this.#segment, damage)
  }
}
