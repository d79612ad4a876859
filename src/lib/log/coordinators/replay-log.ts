import type { Int64 } from '../../bytes/int64.ts'
import { CheckFailed, KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { Damage } from '../../records/damage.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { hollowLogs, type PartitionFolder, type Segment } from '../partition-folder.ts'
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
 * is elected: it does not wait for the high watermark. Returns what could not be read, and why.
 */
export function replayLog(disk: ReadableDisk, folder: PartitionFolder, replayed: Replayed): KtoolError[] {
  const { segments } = folder
  const hollow = hollowLogs(folder).map(({ error }) => error)
  return [...hollow, ...segments.flatMap((segment, i) => attempt(disk, segment, segments[i + 1], replayed))]
}

/** One file that is out of reach does not hide what the others say. */
function attempt(
  disk: ReadableDisk,
  segment: Segment,
  next: Segment | undefined,
  replayed: Replayed,
): KtoolError[] {
  const { path } = segment.log
  try {
    return replaySegment(disk, segment, next, replayed).map((finding) => damagedLog(path, finding))
  } catch (cause) {
    if (cause instanceof KtoolError) return [cause]
    throw cause
  }
}

/** Of a log that tells less than was written to it. */
export function damagedLog(path: string, finding: string): CheckFailed {
  return new CheckFailed('damaged-log', `${path}: ${finding}`, {
    hint: 'what stood there is missing from the answer; ktool segments verify tells all that is wrong',
    details: { path },
  })
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
      } else if (scanned.damage !== null && !isUnfinished(scanned.damage, next)) {
        problems.push(`at position ${scanned.damage.position} ${scanned.damage.finding}`)
      }
    }
  } finally {
    file.close()
  }
  return problems
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
