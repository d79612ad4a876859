import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { Damage } from '../../records/damage.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { scanLog } from '../scan/scan-log.ts'

/** What a coordinator does with the records of its log, in their order. */
export interface Replayed {
  /** The cursor is at the record; it moves on afterwards. */
  record(cursor: RecordCursor, batch: RecordBatch): void
  /** A transaction of this producer ended. */
  marker(producerId: Int64, isCommit: boolean): void
}

/**
 * Reads a coordinator's partition from its first record to the end of its log, as a coordinator does when it
 * is elected: it does not wait for the high watermark. Returns what could not be read, a sentence each.
 */
export function replayLog(disk: ReadableDisk, folder: PartitionFolder, replayed: Replayed): string[] {
  const { segments } = folder
  return segments.flatMap((segment, i) => replaySegment(disk, segment, segments[i + 1], replayed))
}

function replaySegment(
  disk: ReadableDisk,
  { log, baseOffset }: Segment,
  next: Segment | undefined,
  replayed: Replayed,
): string[] {
  const problems: string[] = []
  const file = disk.openToRead(log.path)
  try {
    const bounds = next === undefined ? { baseOffset } : { baseOffset, nextBaseOffset: next.baseOffset }
    for (const scanned of scanLog(file, bounds)) {
      if (scanned.kind === 'batch' && scanned.damage === null) {
        problems.push(...replayBatch(scanned.batch, replayed))
      } else if (scanned.damage !== null && !isUnfinished(scanned.damage, next))
        problems.push(scanned.damage.finding)
    }
  } finally {
    file.close()
  }
  return problems.map((problem) => `${log.path}: ${problem}`)
}

/** The end of the last segment: preallocated, or a batch that nobody has been told is written. */
function isUnfinished({ reason }: Damage, next: Segment | undefined): boolean {
  return next === undefined && (reason === 'zeros' || reason === 'cut')
}

function replayBatch(batch: RecordBatch, replayed: Replayed): string[] {
  try {
    const cursor = openRecords(batch, { checkCrc: false })
    while (cursor.next()) {
      if (batch.isControl) replayMarker(cursor, batch, replayed)
      else replayed.record(cursor, batch)
    }
    return []
  } catch (cause) {
    if (cause instanceof KtoolError) return [cause.message]
    throw cause
  }
}

/** The key of a marker looks like that of an offset commit of the first kind: it must not be taken for one. */
function replayMarker(cursor: RecordCursor, batch: RecordBatch, replayed: Replayed): void {
  const { type } = parseControlRecordKey(cursor.key)
  if (type === 'COMMIT' || type === 'ABORT') replayed.marker(batch.producerId, type === 'COMMIT')
}
