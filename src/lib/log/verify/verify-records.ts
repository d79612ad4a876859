import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { batchLayout } from '../../records/batch-layout.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { DefaultRecordCursor } from '../../records/default-record-cursor.ts'
import { openRecords } from '../../records/open-records.ts'
import { type RecordsSummary, summarizePlain } from '../../records/plain-records.ts'
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
    else if (batch instanceof DefaultRecordBatch && cursor instanceof DefaultRecordCursor) {
      readDefault(cursor, batch, verified)
    } else readMessages(cursor, batch, verified)
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

function readDefault(
  cursor: DefaultRecordCursor,
  batch: DefaultRecordBatch,
  verified: VerifiedRecords,
): void {
  const { bytes } = cursor
  const isPlain = bytes === batch.bytes
  const start = isPlain ? batch.start + batchLayout.records : 0
  const end = isPlain ? batch.start + batch.sizeBytes : bytes.length
  const summary = summarizePlain(bytes, start, end, cursor.count)
  if (summary !== undefined) verified.count = cursor.count
  verified.mismatch = mismatchOf(batch, summary ?? summarize(cursor, verified))
}

/** The same of records of every shape, or what is wrong with them. */
function summarize(cursor: DefaultRecordCursor, verified: VerifiedRecords): Summary {
  let last = -1
  let largest: Int64 = 0
  let isAscending = true
  while (cursor.next()) {
    const { offsetDelta, timestampDelta } = cursor
    if (offsetDelta <= last) isAscending = false
    last = offsetDelta
    if (verified.count === 0 || timestampDelta > largest) largest = timestampDelta
    verified.count++
  }
  return { offsetDelta: last, largestTimestampDelta: largest, isAscending }
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

type Summary = Omit<RecordsSummary, 'largestTimestampDelta'> & { readonly largestTimestampDelta: Int64 }

function mismatchOf(batch: DefaultRecordBatch, summary: Summary): VerifiedRecords['mismatch'] {
  const { baseOffset, lastOffset, baseTimestamp, maxTimestamp, timestampType } = batch
  const { offsetDelta, largestTimestampDelta, isAscending } = summary
  if (!isAscending) return { code: 'record-offsets', finding: 'the offsets of its records do not grow' }
  if (offsetDelta < 0) return null
  const offset = addInt64(baseOffset, offsetDelta)
  if (offset > lastOffset) {
    const finding = `it has a record with offset ${offset}, beyond its last, ${lastOffset}`
    return { code: 'record-offsets', finding }
  }
  const timestamp = addInt64(baseTimestamp, largestTimestampDelta)
  const isCounted = timestampType !== 'LogAppendTime' && maxTimestamp >= 0
  if (!isCounted || timestamp <= maxTimestamp) return null
  const finding = `it has a record of ${timestamp}, later than its largest timestamp, ${maxTimestamp}`
  return { code: 'record-timestamps', finding }
}

function readControl(cursor: RecordCursor, verified: VerifiedRecords): void {
  while (cursor.next()) {
    const { type } = parseControlRecordKey(cursor.key)
    if (type === 'ABORT') verified.abortOffset = cursor.offset
    verified.count++
  }
}
