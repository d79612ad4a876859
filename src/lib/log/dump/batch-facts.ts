import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { type DumpRange, isInRange } from './dump-range.ts'

/** What a batch is beyond its header: a wrapper of magic 0 or 1 must be opened to tell where it begins. */
export interface BatchFacts {
  readonly baseOffset: Int64
  /** The header's where it has one, the messages found elsewhere. */
  readonly count: number
  /** The header's where it has one, the first message's elsewhere. */
  readonly baseTimestamp: Int64
  /** Its CRC is right. */
  readonly valid: boolean
  /** Why its records cannot be read to the end. */
  readonly recordsError: string | null
}

/** Facts and records of a batch whose records were gone through once. */
export interface OpenedBatch {
  readonly facts: BatchFacts
  /** Before the first record; nothing where there is not even one. */
  readonly cursor: RecordCursor | undefined
  /** How many can be read before an error, and how many of them are in the range. */
  readonly readable: number
  readonly inRange: number
}

/** By the header alone: for batches of magic 2 whose CRC is right. */
export function headerFacts(batch: DefaultRecordBatch): BatchFacts {
  const { baseOffset, count, baseTimestamp } = batch
  return { baseOffset, count, baseTimestamp, valid: true, recordsError: null }
}

/** Goes through the records; those before an error count. */
export function openBatch(batch: RecordBatch, valid: boolean, range: DumpRange): OpenedBatch {
  const first: FirstRecord = { baseOffset: batch.baseOffset, timestamp: -1 }
  let readable = 0
  let inRange = 0
  let cursor: RecordCursor | undefined
  let recordsError: string | null = null
  try {
    cursor = openRecords(batch, { checkCrc: false })
    first.baseOffset ??= cursor.baseOffset
    const walk = cursor.again()
    while (walk.next()) {
      if (readable === 0) first.timestamp = walk.timestamp
      readable++
      if (isInRange(walk, range)) inRange++
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    recordsError = error.message
  }
  return { facts: factsOf(batch, valid, { first, readable, recordsError }), cursor, readable, inRange }
}

interface FirstRecord {
  baseOffset: Int64 | null
  timestamp: Int64
}

interface Found {
  readonly first: FirstRecord
  readonly readable: number
  readonly recordsError: string | null
}

function factsOf(batch: RecordBatch, valid: boolean, { first, readable, recordsError }: Found): BatchFacts {
  if (batch instanceof DefaultRecordBatch) return { ...headerFacts(batch), valid, recordsError }
  return {
    // What a wrapper with a wrong CRC says of its messages is not worth a guess.
    baseOffset: valid ? (first.baseOffset ?? -1) : -1,
    count: readable,
    baseTimestamp: first.timestamp,
    valid,
    recordsError,
  }
}
