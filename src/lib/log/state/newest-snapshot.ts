import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { type ProducerEntry, parseProducerSnapshot } from '../files/producer-snapshot.ts'
import type { PartitionFolder, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { LogBounds } from './log-bounds.ts'

export interface SnapshotBefore {
  /** Everything below is in it; nothing where there is no snapshot to be believed. */
  readonly offset: Int64 | undefined
  readonly producers: readonly ProducerEntry[]
  readonly remarks: readonly string[]
}

/**
 * The snapshot to replay from: the newest that is not above the high watermark, since a transaction that ended
 * above it holds readers back and would be forgotten; else the oldest above it. One that a broker would not
 * believe, it throws away and takes the one before.
 */
export function newestSnapshot(
  disk: ReadableDisk,
  folder: PartitionFolder,
  { logStartOffset, logEndOffset, highWatermark }: LogBounds,
): SnapshotBefore {
  const usable = folder.snapshots.filter(
    ({ baseOffset }) => baseOffset > logStartOffset && baseOffset <= logEndOffset,
  )
  const below = usable.filter(({ baseOffset }) => baseOffset <= highWatermark).reverse()
  const above = usable.filter(({ baseOffset }) => baseOffset > highWatermark)
  const remarks: string[] = []
  for (const snapshot of [...below, ...above]) {
    const producers = producersIn(disk, snapshot, remarks)
    if (producers !== undefined) return { offset: snapshot.baseOffset, producers, remarks }
  }
  return { offset: undefined, producers: [], remarks }
}

function producersIn(
  disk: ReadableDisk,
  { path, name }: SegmentFile,
  remarks: string[],
): ProducerEntry[] | undefined {
  try {
    return parseProducerSnapshot(readSmallFile(disk, path))
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    remarks.push(`${name} is not used: ${cause.message}`)
    return undefined
  }
}
