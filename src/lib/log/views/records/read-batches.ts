import type { Int64 } from '../../../bytes/int64.ts'
import { DataError, KtoolError } from '../../../errors.ts'
import type { RecordsPart } from '../../../model/records.ts'
import type { ReadableDisk } from '../../../ports/disk.ts'
import { damageError } from '../../../records/damage.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import { hollowLogs, type PartitionFolder, type Segment } from '../../partition-folder.ts'
import { scanLog } from '../../scan/scan-log.ts'
import type { Scanned } from '../../scan/scanned.ts'
import type { AbortedTransactions } from './aborted-transactions.ts'

/** What is read of a partition: from one offset on, up to another one and without it. */
export interface ReadRange {
  readonly from: Int64
  readonly to: Int64
  readonly aborted: AbortedTransactions
  /** Where in its file a segment's first batch of interest may be looked for. */
  readonly positionIn: (segment: Segment, offset: Int64) => number
}

/** The batches with data in a range, those of aborted transactions left out. */
export function* readBatches(
  disk: ReadableDisk,
  folder: PartitionFolder,
  range: ReadRange,
): Generator<RecordsPart, void, undefined> {
  for (const { error } of hollowLogs(folder)) yield { kind: 'lost', error }
  for (const [i, segment] of folder.segments.entries()) {
    const nextBaseOffset = folder.segments[i + 1]?.baseOffset
    if (segment.baseOffset >= range.to) return
    if (nextBaseOffset !== undefined && nextBaseOffset <= range.from) continue
    try {
      yield* readSegment(disk, segment, nextBaseOffset, range)
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      // Retention takes segments of a live broker away while they are read: nobody can have them any more.
      if (error.code !== 'file-not-found') yield { kind: 'lost', error }
    }
  }
}

function* readSegment(
  disk: ReadableDisk,
  segment: Segment,
  nextBaseOffset: Int64 | undefined,
  range: ReadRange,
): Generator<RecordsPart, void, undefined> {
  const file = disk.openToRead(segment.log.path)
  const { baseOffset } = segment
  const from = range.from > baseOffset ? range.positionIn(segment, range.from) : 0
  const bound = nextBaseOffset === undefined ? {} : { nextBaseOffset }
  try {
    const order = new OffsetOrder()
    for (const scanned of scanLog(file, { from, baseOffset, ...bound })) {
      const misplaced = order.passed(scanned, range.to)
      if (order.isBeyond) {
        if (order.isSurelyBeyond) return
        continue
      }
      if (misplaced !== null) yield { kind: 'lost', error: misplaced }
      const part = partOf(scanned, range, nextBaseOffset === undefined)
      if (part !== undefined) yield part
    }
  } finally {
    file.close()
  }
}

/**
 * No checksum covers the offset of a batch. One that lies beyond the end is no end as long as the next one does not:
 * and where offsets go back, one of two batches is not what it says.
 */
class OffsetOrder {
  isBeyond = false
  isSurelyBeyond = false
  #before: { readonly position: number; readonly lastOffset: Int64 } | undefined

  passed(scanned: Scanned, to: Int64): DataError | null {
    const wasBeyond = this.isBeyond
    if (scanned.kind === 'gap') {
      this.isSurelyBeyond = wasBeyond
      return null
    }
    const { position, lastOffset, baseOffset } = scanned.batch
    const before = this.#before
    this.#before = { position, lastOffset }
    this.isBeyond = baseOffset !== null && baseOffset >= to
    this.isSurelyBeyond = this.isBeyond && wasBeyond
    if (before === undefined || before.lastOffset < (baseOffset ?? lastOffset)) return null
    return backwards(before, scanned.batch)
  }
}

function backwards(before: { position: number; lastOffset: Int64 }, batch: RecordBatch): DataError {
  const { position, baseOffset, lastOffset } = batch
  const message = `the batch at position ${position} begins at offset ${baseOffset ?? lastOffset}, though the one at position ${before.position} ends at ${before.lastOffset}: one of the two is not what it says`
  return new DataError('offsets-backwards', message, { details: { position } })
}

function partOf(scanned: Scanned, range: ReadRange, isLast: boolean): RecordsPart | undefined {
  if (scanned.kind === 'gap') {
    // What ends the last segment so is being written, or was when the broker died: it is behind the end.
    const isTail = scanned.damage.reason === 'zeros' || scanned.damage.reason === 'cut'
    return isLast && isTail ? undefined : { kind: 'lost', error: damageError(scanned.damage) }
  }
  const { batch, damage } = scanned
  if (batch.lastOffset < range.from) return undefined
  if (damage !== null) return { kind: 'lost', error: damageError(damage) }
  return batch.isControl || range.aborted.has(batch) ? undefined : { kind: 'batch', batch }
}
