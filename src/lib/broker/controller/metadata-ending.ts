import { addInt64, type Int64 } from '../../bytes/int64.ts'
import type { PartitionFolder } from '../../log/partition-folder.ts'
import { scanLog } from '../../log/scan/scan-log.ts'
import type { Scanned } from '../../log/scan/scanned.ts'
import { hasTornOffset, SECTOR_BYTES } from '../../log/start/torn-offset.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

/** `torn`: a power cut may take any part of what was not flushed, and nothing else is missing. */
export type MetadataEnding = 'sound' | 'torn' | 'broken'

/** The metadata is flushed every second, if not with each change; a disk may take a while for it. */
const UNFLUSHED_MS = 5000
/** The first damage of a log, with the first and the last batch that are sound behind it. */
interface Ending {
  readonly damagedAt: number
  readonly behind: { readonly first: Place; readonly last: Place } | undefined
}

interface Place {
  readonly position: number
  readonly timestampMs: number
}

/** A reader that only follows the log takes a batch that is not all there for one that is being written. */
export function metadataEnding(disk: ReadableDisk, { segments }: PartitionFolder): MetadataEnding {
  const last = segments.at(-1)
  if (last === undefined) return 'sound'
  const file = disk.openToRead(last.log.path)
  try {
    const ending = endingOf(scanLog(file, { baseOffset: last.baseOffset }))
    if (ending === undefined) return 'sound'
    return isOfPowerCut(file, ending) ? 'torn' : 'broken'
  } finally {
    file.close()
  }
}

function endingOf(scanned: Iterable<Scanned>): Ending | undefined {
  let damagedAt: number | undefined
  let behind: Ending['behind']
  let due: Int64 = 0
  for (const found of scanned) {
    const batch = found.kind === 'batch' && found.damage === null ? found.batch : undefined
    if (damagedAt !== undefined) {
      const place = batch && placeOf(batch)
      if (place !== undefined) behind = { first: behind?.first ?? place, last: place }
    } else if (batch === undefined || hasTornOffset(batch, due)) {
      damagedAt = found.kind === 'batch' ? found.batch.position : found.damage.position
    } else {
      due = addInt64(batch.lastOffset, 1)
    }
  }
  return damagedAt === undefined ? undefined : { damagedAt, behind }
}

function placeOf({ position, maxTimestamp }: RecordBatch): Place {
  return { position, timestampMs: Number(maxTimestamp) }
}

/**
 * What was written last reaches the disk in any order. Where a sector of it has not, there are zeros, and all that
 * is sound behind it was written in the moments before.
 */
function isOfPowerCut(file: ReadableFile, { damagedAt, behind }: Ending): boolean {
  if (behind === undefined) return true
  const { first, last } = behind
  const isLast = Math.abs(last.timestampMs - first.timestampMs) <= UNFLUSHED_MS
  return isLast && hasUnwritten(file, damagedAt, first.position)
}

function hasUnwritten(file: ReadableFile, from: number, end: number): boolean {
  const sector = Buffer.alloc(SECTOR_BYTES)
  for (let at = from; at < end; ) {
    const to = Math.min(at - (at % SECTOR_BYTES) + SECTOR_BYTES, end)
    const part = sector.subarray(0, to - at)
    file.read(part, at)
    if (part.every((byte) => byte === 0)) return true
    at = to
  }
  return false
}
