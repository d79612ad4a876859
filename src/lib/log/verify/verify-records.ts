import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { DefaultRecordCursor } from '../../records/default-record-cursor.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'

/** What the records of a batch turned out to be. */
export interface VerifiedRecords {
  /** Those that could be read. */
  count: number
  problem: DataError | null
  /** The records say other than the batch's header, as the end of a sentence; they can be read nevertheless. */
  mismatch: { readonly code: string; readonly finding: string } | null
  /** The offset of an abort marker, if it is one. */
  abortOffset: Int64 | null
  /** Of a wrapper, whose header does not say: its first offset, and whether the cleaner took some of its messages. */
  wrapped: { readonly baseOffset: Int64; readonly isCleaned: boolean } | null
}

/** What the records of one batch may take when decompressed; more is reported, not read. */
export const LARGEST_RECORDS_BYTES = 64 * 1024 * 1024

/** Reads every record of a sound batch. There is no object per record: this loop sets the speed of it all. */
export function verifyRecords(batch: RecordBatch): VerifiedRecords {
  const verified: VerifiedRecords = {
    count: 0,
    problem: null,
    mismatch: null,
    abortOffset: null,
    wrapped: null,
  }
  try {
    const cursor = openRecords(batch, { checkCrc: false, maxBytes: LARGEST_RECORDS_BYTES })
    if (batch.isControl) readControl(cursor, verified)
    else if (cursor instanceof DefaultRecordCursor) readDefault(cursor, batch, verified)
    else readMessages(cursor, batch, verified)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    verified.problem = cause
  }
  return verified
}

/** Of a batch that was verified elsewhere, and of which there is nothing more to say. */
export function plainRecords({ count }: RecordBatch): VerifiedRecords {
  return { count: count ?? 0, problem: null, mismatch: null, abortOffset: null, wrapped: null }
}

function readDefault(cursor: DefaultRecordCursor, batch: RecordBatch, verified: VerifiedRecords): void {
  let delta = -1
  let largest: Int64 | undefined
  let isAscending = true
  while (cursor.next()) {
    verified.count++
    const { offsetDelta, timestampDelta } = cursor
    if (offsetDelta <= delta) isAscending = false
    delta = offsetDelta
    if (largest === undefined || timestampDelta > largest) largest = timestampDelta
  }
  if (!isAscending)
    verified.mismatch = { code: 'record-offsets', finding: 'the offsets of its records do not grow' }
  else if (verified.count > 0) verified.mismatch = mismatchOf(batch, cursor, delta, largest ?? 0)
}

function readMessages(
  cursor: RecordCursor,
  { baseOffset, lastOffset }: RecordBatch,
  verified: VerifiedRecords,
) {
  while (cursor.next()) verified.count++
  if (baseOffset !== null) return
  const isCleaned = verified.count <= subtractInt64(lastOffset, cursor.baseOffset)
  verified.wrapped = { baseOffset: cursor.baseOffset, isCleaned }
}

function mismatchOf(
  batch: RecordBatch,
  cursor: DefaultRecordCursor,
  delta: number,
  largest: Int64,
): VerifiedRecords['mismatch'] {
  const { lastOffset } = batch
  if (addInt64(cursor.baseOffset, delta) > lastOffset) {
    const offset = addInt64(cursor.baseOffset, delta)
    return {
      code: 'record-offsets',
      finding: `it has a record with offset ${offset}, beyond its last, ${lastOffset}`,
    }
  }
  if (batch.timestampType === 'LogAppendTime' || !(batch instanceof DefaultRecordBatch)) return null
  const timestamp = addInt64(batch.baseTimestamp, largest)
  if (timestamp <= batch.maxTimestamp || batch.maxTimestamp < 0) return null
  const finding = `it has a record of ${timestamp}, later than its largest timestamp, ${batch.maxTimestamp}`
  return { code: 'record-timestamps', finding }
}

function readControl(cursor: RecordCursor, verified: VerifiedRecords): void {
  while (cursor.next()) {
    const { type } = parseControlRecordKey(cursor.key)
    if (type === 'ABORT') verified.abortOffset = cursor.offset
    verified.count++
  }
}
