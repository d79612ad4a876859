import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { NO_TIMESTAMP } from '../../records/attributes.ts'
import { BatchFeed } from '../batch-feed.ts'
import { parseTimeIndex, TIME_ENTRY_BYTES } from '../files/time-index.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Turns } from '../turns.ts'

/** What a broker knows of a segment when it decides what becomes of it. */
export interface SegmentFacts {
  readonly name: string
  readonly baseOffset: Int64
  /** Where the next segment begins; of the active one the log end offset. */
  readonly nextOffset: Int64
  readonly sizeBytes: number
  readonly isActive: boolean
  readonly largestTimestamp: Int64
  readonly timestampFrom: TimestampSource
}

export type TimestampSource = 'time index' | 'batch headers' | 'file time' | 'zeros of the time index'

interface Largest {
  readonly largestTimestamp: Int64
  readonly timestampFrom: TimestampSource
}

export async function segmentFacts(
  disk: ReadableDisk,
  folder: PartitionFolder,
  logEndOffset: Int64,
  start: { readonly isClean: boolean | null; readonly recoveredFrom: Int64 },
  turns: Turns,
): Promise<SegmentFacts[]> {
  const facts: SegmentFacts[] = []
  for (const [i, segment] of folder.segments.entries()) {
    const next = folder.segments[i + 1]
    const isActive = next === undefined
    const nextOffset = next?.baseOffset ?? logEndOffset
    const isRecovered = start.isClean !== true && (isActive || nextOffset > start.recoveredFrom)
    facts.push({
      name: segment.log.name,
      baseOffset: segment.baseOffset,
      nextOffset,
      sizeBytes: segment.log.sizeBytes,
      isActive,
      ...(await largestOf(disk, segment, isRecovered, turns)),
    })
  }
  return facts
}

/** When the first batch was written, by its own time; null where it does not say. */
export function firstTimestamp(disk: ReadableDisk, segment: Segment): Int64 | null {
  const file = disk.openToRead(segment.log.path)
  try {
    const found = new BatchFeed(file, { chunkBytes: 64 * 1024 }).next()
    return found?.kind === 'batch' && found.maxTimestamp >= 0 ? found.maxTimestamp : null
  } finally {
    file.close()
  }
}

/**
 * A broker takes the last entry of the time index. Where there is none it takes the time of the file, unless it
 * has the batches before it: those it recovers, and those it appends.
 */
async function largestOf(
  disk: ReadableDisk,
  segment: Segment,
  isRecovered: boolean,
  turns: Turns,
): Promise<Largest> {
  const { timestamp, hasZeros } = lastTimeEntry(disk, segment)
  if (timestamp !== undefined && !hasZeros)
    return { largestTimestamp: timestamp, timestampFrom: 'time index' }
  if (isRecovered) {
    const largestTimestamp = await largestInBatches(disk, segment, turns)
    if (largestTimestamp >= 0) return { largestTimestamp, timestampFrom: 'batch headers' }
  } else if (hasZeros) {
    // It takes a preallocated file that was closed for full, and the last of its zeros for an entry (KAFKA-10207).
    return { largestTimestamp: 0, timestampFrom: 'zeros of the time index' }
  }
  return { largestTimestamp: Math.floor(segment.log.modifiedMs), timestampFrom: 'file time' }
}

function lastTimeEntry(
  disk: ReadableDisk,
  { timeindex, baseOffset }: Segment,
): { timestamp?: Int64 | undefined; hasZeros: boolean } {
  if (timeindex === undefined) return { hasZeros: false }
  try {
    const entries = parseTimeIndex(readSmallFile(disk, timeindex.path), baseOffset)
    const hasZeros = (entries.length + 1) * TIME_ENTRY_BYTES <= timeindex.sizeBytes
    return { timestamp: entries.at(-1)?.timestamp, hasZeros }
  } catch (cause) {
    if (cause instanceof KtoolError) return { hasZeros: false }
    throw cause
  }
}

async function largestInBatches(disk: ReadableDisk, segment: Segment, turns: Turns): Promise<Int64> {
  const file = disk.openToRead(segment.log.path)
  try {
    let largest: Int64 = NO_TIMESTAMP
    const feed = new BatchFeed(file)
    for (const found of feed) {
      if (found.kind === 'damage') break
      if (found.maxTimestamp > largest) largest = found.maxTimestamp
      if (turns.isDue()) await turns.turn(feed.position, feed.end)
    }
    return largest
  } finally {
    file.close()
  }
}
