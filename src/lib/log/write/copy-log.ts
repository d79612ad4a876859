import { DataError } from '../../errors.ts'
import { wholeBatches } from './appended-batches.ts'
import { damaged } from './log-segment.ts'
import type { LogSlice } from './partition-log.ts'
import type { WritableLog } from './writable-log.ts'

const PIECE_BYTES = 1024 * 1024

/** Where a copy of the log begins: with the batch that holds its first offset. */
export function firstCopiedOffset(log: WritableLog): number {
  const [first] = log.batches(log.logStartOffset)
  return Math.min(log.logStartOffset, Number(first?.baseOffset ?? first?.lastOffset ?? log.logStartOffset))
}

/** Appends what the copy has not, as it lies there: a piece of it. Returns how much that was; 0 once there is no more. */
export async function copySome(from: WritableLog, to: WritableLog, maxBytes: number): Promise<number> {
  const slice = nextSlice(from, to, maxBytes)
  if (slice === undefined) return 0
  const bytes = Buffer.allocUnsafe(slice.sizeBytes)
  return take(from, to, slice, bytes.subarray(0, await slice.file.readCold(bytes, slice.position)))
}

/** All that is left, in one go: nobody can add to it meanwhile. */
export function copyRest(from: WritableLog, to: WritableLog): void {
  for (let isMore = true; isMore; ) {
    const slice = nextSlice(from, to, PIECE_BYTES)
    if (slice === undefined) return
    const bytes = Buffer.allocUnsafe(slice.sizeBytes)
    isMore = take(from, to, slice, bytes.subarray(0, slice.file.read(bytes, slice.position))) > 0
  }
}

/** Whether the log has all that the copy has. One that comes from before a power cut may have more, or something else. */
export function isBeginningOf(copy: WritableLog, log: WritableLog): boolean {
  if (copy.logEndOffset > log.logEndOffset) return false
  const { latestEpoch } = copy
  // Of what was written before there were epochs, or of nothing.
  if (latestEpoch === undefined) return true
  const end = log.endOffsetOfEpoch(latestEpoch)
  return end !== undefined && end.epoch === latestEpoch && end.endOffset >= copy.logEndOffset
}

/**
 * A power cut may have taken something out of the midst of a copy where it was not flushed, which nothing in it tells:
 * as far as both go, they have the same batches there.
 */
export function agreeAboveFlushed(copy: WritableLog, log: WritableLog): boolean {
  const from = Math.max(copy.recoveryPoint, copy.logStartOffset, log.logStartOffset)
  const upTo = Math.min(copy.logEndOffset, log.logEndOffset)
  const [ours, theirs] = [batchNames(copy, from, upTo), batchNames(log, from, upTo)]
  for (;;) {
    const [one, other] = [ours.next(), theirs.next()]
    if (one.value !== other.value) return false
    if (one.done === true) return true
  }
}

function* batchNames(log: WritableLog, from: number, upTo: number): Generator<string, undefined> {
  if (from >= upTo) return
  for (const { baseOffset, lastOffset, crc } of log.batches(from)) {
    if (lastOffset >= upTo) return
    yield `${baseOffset} ${lastOffset} ${crc}`
  }
}

function nextSlice(from: WritableLog, to: WritableLog, maxBytes: number): LogSlice | undefined {
  // Retention was faster.
  if (to.logEndOffset < from.logStartOffset) to.rollTo(from.logStartOffset)
  to.raiseHighWatermark(to.logEndOffset)
  to.raiseLogStart(Math.min(from.logStartOffset, to.logEndOffset))
  const wish = { upTo: from.logEndOffset, atLeastOne: true }
  return from.read(to.logEndOffset, { ...wish, maxBytes: Math.min(maxBytes, from.settings.segmentBytes) })
}

function take(from: WritableLog, to: WritableLog, slice: LogSlice, bytes: Buffer): number {
  if (from.isRetired || to.isRetired) return 0
  const batches = slice.whole(bytes)
  if (batches.length === 0) throw damaged(slice.file.path, slice.position)
  for (const batch of wholeBatches(batches)) {
    const damage = batch.damage()
    if (damage !== null) throw new DataError('damaged-log', `${slice.file.path}: ${damage.finding}`)
  }
  to.append(batches)
  return batches.length
}
