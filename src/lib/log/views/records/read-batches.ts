import type { Int64 } from '../../../bytes/int64.ts'
import type { RecordsPart } from '../../../model/records.ts'
import type { ReadableDisk } from '../../../ports/disk.ts'
import { damageError } from '../../../records/damage.ts'
import type { PartitionFolder, Segment } from '../../partition-folder.ts'
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
  for (const [i, segment] of folder.segments.entries()) {
    const nextBaseOffset = folder.segments[i + 1]?.baseOffset
    if (segment.baseOffset >= range.to) return
    if (nextBaseOffset !== undefined && nextBaseOffset <= range.from) continue
    yield* readSegment(disk, segment, nextBaseOffset, range)
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
    for (const scanned of scanLog(file, { from, baseOffset, ...bound })) {
      if (scanned.kind === 'batch' && isBeyond(scanned.batch.baseOffset, range.to)) return
      const part = partOf(scanned, range, nextBaseOffset === undefined)
      if (part !== undefined) yield part
    }
  } finally {
    file.close()
  }
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

function isBeyond(baseOffset: Int64 | null, to: Int64): boolean {
  return baseOffset !== null && baseOffset >= to
}
