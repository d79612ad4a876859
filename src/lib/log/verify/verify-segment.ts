import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { Segment } from '../partition-folder.ts'
import { scanLog } from '../scan/scan-log.ts'
import type { Turns } from '../turns.ts'
import type { Findings } from './finding.ts'
import type { BatchSequence } from './verify-batches.ts'
import { IndexVerifier } from './verify-index.ts'
import { verifyRecords } from './verify-records.ts'
import { TransactionIndexVerifier } from './verify-transaction-index.ts'

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
  readonly counts: Counts
  readonly turns: Turns
  readonly nextBaseOffset: Int64 | undefined
  /** The mark of a clean stop lies beside the folder. */
  readonly isClean: boolean
  readonly doneBytes: number
  readonly totalBytes: number
}

/** Reads all of a segment, once. Returns up to where its batches are sound. */
export async function verifySegment(
  disk: ReadableDisk,
  segment: Segment,
  context: SegmentContext,
): Promise<number> {
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
  #soundUpTo = 0
  #isDamaged = false
  #hasBatches = false
  #hasTimestamps = false

  constructor(disk: ReadableDisk, file: ReadableFile, segment: Segment, context: SegmentContext) {
    const { baseOffset } = segment
    this.#file = file
    this.#segment = segment
    this.#context = context
    this.#isActive = context.nextBaseOffset === undefined
    const place = { baseOffset, isActive: this.#isActive }
    this.#indexes = new IndexVerifier(disk, segment, place, context.findings)
    this.#transactions = new TransactionIndexVerifier(disk, segment, context.findings)
  }

  async run(): Promise<number> {
    const { sequence, turns, nextBaseOffset, doneBytes, totalBytes } = this.#context
    const { baseOffset } = this.#segment
    const bounds = nextBaseOffset === undefined ? { baseOffset } : { baseOffset, nextBaseOffset }
    sequence.beginSegment(this.#segment)
    for (const scanned of scanLog(this.#file, bounds)) {
      if (scanned.kind === 'gap') this.#skip(scanned.damage)
      else if (scanned.damage !== null) this.#damaged(scanned.damage)
      else this.#sound(scanned.batch)
      if (turns.isDue()) await turns.turn(doneBytes + this.#soundUpTo, totalBytes)
    }
    this.#indexes.finish(this.#hasBatches, this.#hasTimestamps)
    this.#transactions.finish(this.#isDamaged)
    return this.#soundUpTo
  }

  #sound(batch: RecordBatch): void {
    const { sequence, counts } = this.#context
    const records = verifyRecords(batch)
    counts.batches++
    counts.records += records.count
    sequence.add(this.#segment, batch, records.wrapped)
    this.#indexes.add(batch)
    this.#hasBatches = true
    if (batch.maxTimestamp >= 0) this.#hasTimestamps = true
    if (records.abortOffset !== null) this.#transactions.aborted(batch.producerId, records.abortOffset)
    if (!this.#isDamaged) this.#soundUpTo = batch.position + batch.sizeBytes
    const { problem, mismatch } = records
    if (problem !== null) this.#say(batch, `records-${problem.code}`, 'error', problem.message)
    else if (mismatch !== null) {
      this.#say(
        batch,
        mismatch.code,
        'warning',
        `the batch at position ${batch.position}: ${mismatch.finding}`,
      )
    }
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
    counts.skippedBytes += damage.sizeBytes
    this.#indexes.skip(damage.position + damage.sizeBytes)
    sequence.damaged(this.#segment, damage)
  }
}
