import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { OffsetEntry } from '../files/offset-index.ts'
import type { TimeEntry } from '../files/time-index.ts'
import type { OpenSegment } from './open-segment.ts'

/** A record that was looked for, and the batch that it lies in. */
export interface FoundRecord {
  readonly offset: Int64
  readonly timestamp: Int64
  /** Null where the format does not say. */
  readonly leaderEpoch: number | null
  /** A marker of a transaction or of the quorum, which no consumer ever gets. */
  readonly isControl: boolean
  readonly batch: FoundBatch
}

export interface FoundBatch {
  readonly baseOffset: Int64
  readonly lastOffset: Int64
  readonly position: number
  /** The name of the log file. */
  readonly file: string
}

/** What a search did in one segment. */
export interface SearchStep {
  readonly file: string
  /** The entry of the time index that it went by; null where it did not go by one. */
  readonly timeEntry: TimeEntry | null
  readonly offsetEntry: OffsetEntry | null
  /** Where in the file the batches were looked through from. */
  readonly scannedFrom: number
}

/** The answer to a lookup, how it was found, and what was wrong on the way. */
export interface Lookup {
  readonly found: FoundRecord | null
  /** Why there is none. */
  readonly reason: string | null
  /** By segment, in the order of the search. */
  readonly steps: readonly SearchStep[]
  /** Sentences about indexes that could not be used as they should; the answer is right all the same. */
  readonly remarks: readonly string[]
  /** Sentences about damage that the search has met in the log: the answer leaves out what is in there. */
  readonly damages: readonly string[]
}

/** The first record of a batch for which this holds. Records that cannot be read are damage on the way. */
export function firstIn(
  batch: RecordBatch,
  { segment, damages }: Pick<OpenSegment, 'segment' | 'damages'>,
  holds: (cursor: RecordCursor) => boolean,
): FoundRecord | undefined {
  try {
    return firstRecordIn(batch, segment.log.name, holds)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    damages.add(`${segment.log.name} is damaged: ${cause.message}`)
    return undefined
  }
}

function firstRecordIn(
  batch: RecordBatch,
  file: string,
  holds: (cursor: RecordCursor) => boolean,
): FoundRecord | undefined {
  // Whoever scanned up to here has checked the CRC.
  const cursor = openRecords(batch, { checkCrc: false })
  while (cursor.next()) {
    if (!holds(cursor)) continue
    const { position, lastOffset, partitionLeaderEpoch } = batch
    return {
      offset: cursor.offset,
      timestamp: cursor.timestamp,
      leaderEpoch: partitionLeaderEpoch < 0 ? null : partitionLeaderEpoch,
      isControl: batch.isControl,
      batch: { baseOffset: cursor.baseOffset, lastOffset, position, file },
    }
  }
  return undefined
}
