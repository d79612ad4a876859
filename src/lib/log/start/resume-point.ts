import type { Int64 } from '../../bytes/int64.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { type AbortedTransaction, parseTransactionIndex } from '../files/transaction-index.ts'
import type { StartSegment } from './start-segment.ts'

/** Where in a segment a recovery goes on, with what its indexes say of all that lies before. */
export interface ResumePoint {
  readonly position: number
  /** What lies below is in the producers' snapshot, or is read before the recovery begins. */
  readonly offset: number
  readonly offsets: Buffer
  readonly times: Buffer
  readonly aborted: readonly AbortedTransaction[]
}

/** A smaller log is read as fast as its indexes, which are kept at their largest size while it is written to. */
const SMALLEST_BYTES = 4 * 1024 * 1024

/**
 * What was flushed before the recovery point was written down is on the disk: log, indexes and all. It need not be
 * read again, be it ever so much. Nothing where there is no such part, or where the index does not fit the log.
 */
export function resumePoint(
  segment: StartSegment,
  recoveryPoint: Int64,
  snapshots: readonly Int64[],
): ResumePoint | undefined {
  const { index, timeindex, txnindex, sizeBytes, baseOffset } = segment
  if (sizeBytes < SMALLEST_BYTES || index.before === undefined || timeindex.before === undefined)
    return undefined
  if (recoveryPoint <= baseOffset) return undefined
  const limit = Number(recoveryPoint) - Number(baseOffset)
  const offsets = ascending(segment.bytesOf(index), OFFSET_ENTRY_BYTES, 0, limit)
  const last = offsets.length - OFFSET_ENTRY_BYTES
  if (last < 0) return undefined
  const relative = offsets.readInt32BE(last)
  const position = offsets.readInt32BE(last + 4)
  const batch = position > 0 && position < sizeBytes ? segment.walk(position).next() : undefined
  if (batch?.baseOffset == null || Number(batch.lastOffset) - Number(baseOffset) !== relative)
    return undefined
  const snapshot = snapshots.findLast((offset) => offset <= recoveryPoint) ?? 0
  const offset = Math.max(Number(batch.baseOffset), Number(snapshot))
  const times = ascending(segment.bytesOf(timeindex), TIME_ENTRY_BYTES, 8, relative + 1)
  const ended = txnindex.before === undefined ? [] : parseTransactionIndex(segment.bytesOf(txnindex))
  return { position, offset, offsets, times, aborted: ended.filter(({ lastOffset }) => lastOffset < offset) }
}

/** The entries whose offsets ascend and lie below the limit: behind them are zeros, or what is not believed. */
function ascending(bytes: Buffer, entryBytes: number, offsetAt: number, limit: number): Buffer {
  let end = 0
  let before = -1
  for (; end + entryBytes <= bytes.length; end += entryBytes) {
    const relative = bytes.readInt32BE(end + offsetAt)
    if (relative <= before || relative >= limit) break
    before = relative
  }
  return bytes.subarray(0, end)
}
