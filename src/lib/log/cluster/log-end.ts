import type { Int64 } from '../../bytes/int64.ts'
import { addInt64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import { BatchFeed } from '../batch-feed.ts'
import { parseOffsetIndex } from '../files/offset-index.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'

/** Where a log ends, and which leader wrote the end; as far as it can be read. */
export interface LogEnd {
  readonly endOffset: Int64
  /** −1 where no batch says. */
  readonly epoch: number
}

/** By the last segment's index and the batches behind its last entry. */
export function readLogEnd(disk: ReadableDisk, folder: PartitionFolder): LogEnd {
  const { segments } = folder
  const endOffset = segments.at(-1)?.baseOffset ?? 0
  // Only an empty active segment makes it look into the one before, for the epoch.
  for (const segment of segments.toReversed()) {
    const end = endOfSegment(disk, segment)
    if (end !== undefined) return { ...end, endOffset: end.endOffset > endOffset ? end.endOffset : endOffset }
  }
  return { endOffset, epoch: -1 }
}

function endOfSegment(disk: ReadableDisk, segment: Segment): LogEnd | undefined {
  const file = openIfThere(disk, segment)
  if (file === undefined) return undefined
  try {
    const from = lastIndexed(disk, segment, file.sizeBytes())
    return lastBatch(file, from) ?? (from === 0 ? undefined : lastBatch(file, 0))
  } finally {
    file.close()
  }
}

function lastBatch(file: ReadableFile, from: number): LogEnd | undefined {
  let last: LogEnd | undefined
  for (const found of new BatchFeed(file, { from, chunkBytes: 64 * 1024 })) {
    if (found.kind === 'damage') break
    last = { endOffset: addInt64(found.lastOffset, 1), epoch: found.partitionLeaderEpoch }
  }
  return last
}

/** A live broker may delete it meanwhile; one that cannot be read is told of by whoever needs what is in it. */
function openIfThere(disk: ReadableDisk, { log }: Segment): ReadableFile | undefined {
  try {
    return disk.openToRead(log.path)
  } catch (cause) {
    if (cause instanceof KtoolError) return undefined
    throw cause
  }
}

function lastIndexed(disk: ReadableDisk, { index, baseOffset }: Segment, sizeBytes: number): number {
  if (index === undefined) return 0
  try {
    const { position } = parseOffsetIndex(readSmallFile(disk, index.path), baseOffset).at(-1) ?? {
      position: 0,
    }
    return position > 0 && position < sizeBytes ? position : 0
  } catch (cause) {
    if (cause instanceof KtoolError) return 0
    throw cause
  }
}
