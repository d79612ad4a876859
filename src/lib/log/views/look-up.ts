import { KtoolError } from '../../errors.ts'
import { type Figure, isKnown } from '../../model/figure.ts'
import type { FoundOffset, OffsetPlace, PartitionOffsets, RecordTime } from '../../model/offsets.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { ChosenPartition } from '../cluster/log-directories.ts'
import { findByOffset, type ReadableBounds } from '../lookup/find-by-offset.ts'
import { findByTime } from '../lookup/find-by-time.ts'
import { findMaxTimestamp } from '../lookup/find-max-timestamp.ts'
import type { Lookup } from '../lookup/found-record.ts'

/** One offset of a partition, as a broker would answer ListOffsets. */
export function lookUp(
  disk: ReadableDisk,
  chosen: ChosenPartition | undefined,
  offsets: PartitionOffsets,
  place: OffsetPlace,
): FoundOffset {
  const { reason } = offsets
  const bounds = readableBounds(offsets)
  if (chosen === undefined || bounds === undefined) {
    return found(offsets, { unknown: true, reason: reason ?? 'it cannot be read' }, null, reason)
  }
  const search = searchFor(place)
  if (search === undefined) return boundOf(offsets, place)
  try {
    const { found: record, reason, damages } = search(disk, chosen, bounds)
    if (record === null) return found(offsets, null, null, joined(reason, damages))
    const passed = joined(chosen.choice, damages)
    const offset: Figure = {
      value: record.offset,
      from: 'file',
      bound: 'exact',
      ...(passed !== null && { reason: passed }),
    }
    return found(offsets, offset, record.timestamp, null)
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    return found(offsets, { unknown: true, reason: cause.message }, null, cause.message)
  }
}

/** The time of the record that is read next from an offset. */
export function firstRecord(
  disk: ReadableDisk,
  chosen: ChosenPartition | undefined,
  offsets: PartitionOffsets,
  offset: number | bigint,
): RecordTime {
  const { topic, partition } = offsets
  const bounds = readableBounds(offsets)
  if (chosen === undefined || bounds === undefined) {
    return { topic, partition, timestampMs: null, reason: offsets.reason }
  }
  try {
    const { found, reason, damages } = findByOffset(disk, chosen.folder, bounds, offset)
    return { topic, partition, timestampMs: found?.timestamp ?? null, reason: joined(reason, damages) }
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
    return { topic, partition, timestampMs: null, reason: cause.message }
  }
}

/** What a search has passed over belongs to its answer. */
function joined(reason: string | null, damages: readonly string[]): string | null {
  return [...(reason === null ? [] : [reason]), ...damages].join('; ') || null
}

type Search = (disk: ReadableDisk, chosen: ChosenPartition, bounds: ReadableBounds) => Lookup

/** Nothing where the answer is one of the offsets that are known of the partition. */
function searchFor(place: OffsetPlace): Search | undefined {
  if (place.kind === 'max') return (disk, { folder }, bounds) => findMaxTimestamp(disk, folder, bounds)
  if (place.kind !== 'time') return undefined
  return (disk, { folder }, bounds) => findByTime(disk, folder, bounds, place.timeMs)
}

function boundOf(offsets: PartitionOffsets, { kind }: OffsetPlace): FoundOffset {
  if (kind === 'end') return found(offsets, offsets.highWatermark, null, null)
  if (kind === 'committed') return found(offsets, offsets.lastStable, null, null)
  if (kind !== 'tiered') return found(offsets, offsets.logStart, null, null)
  // What is in remote storage is written in a topic of its own, __remote_log_metadata, which is not read here.
  return found(offsets, null, null, 'what remote storage holds is not known from a log directory')
}

function found(
  { topic, partition }: PartitionOffsets,
  offset: Figure | null,
  timestamp: number | bigint | null,
  reason: string | null,
): FoundOffset {
  return { topic, partition, offset, timestamp, reason }
}

function readableBounds({ logStart, highWatermark }: PartitionOffsets): ReadableBounds | undefined {
  if (!isKnown(logStart) || !isKnown(highWatermark)) return undefined
  return { logStartOffset: logStart.value, highWatermark: highWatermark.value }
}
