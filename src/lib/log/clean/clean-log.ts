import { beginRound, cleanSegments } from './clean-segments.ts'
import { type Cleanable, segmentsBetween } from './cleanable.ts'
import type { Cleaning, CleaningCounts } from './cleaning.ts'
import { groupSegments } from './group-segments.ts'
import { mapOffsets } from './map-offsets.ts'

export interface CleanedLog {
  /** The first offset that was not cleaned. */
  readonly endOffset: number
  readonly counts: CleaningCounts
}

/** One round of compaction of a log, as Kafka's cleaner does it. Throws `CleaningOver` where it is given up. */
export async function cleanLog(cleanable: Cleanable, cleaning: Cleaning): Promise<CleanedLog> {
  const { log, firstDirtyOffset, firstUncleanableOffset } = cleanable
  const counts = noCounts()
  const lastClean = segmentsBetween(log.segments, 0, firstDirtyOffset).at(-1)
  const legacyHorizonMs = lastClean === undefined ? 0 : lastClean.modifiedMs - log.settings.deleteRetentionMs
  await mapOffsets(cleanable, cleaning, counts)
  const endOffset = cleaning.map.latestOffset + 1
  const round = beginRound({ log, cleaning, counts, endOffset: firstUncleanableOffset, legacyHorizonMs })
  const segments = segmentsBetween(log.segments, 0, endOffset)
  for (const group of groupSegments(segments, log.settings, firstUncleanableOffset)) {
    await cleanSegments(group, round)
  }
  return { endOffset, counts }
}

function noCounts(): CleaningCounts {
  return {
    mappedBytes: 0,
    readBytes: 0,
    writtenBytes: 0,
    readRecords: 0,
    keptRecords: 0,
    keylessRecords: 0,
  }
}
