import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { BatchFeed } from '../batch-feed.ts'
import { damaged, type LogSegment } from './log-segment.ts'
import type { OffsetAt } from './partition-log.ts'

const NEAR_BYTES = 32 * 1024

/**
 * The first record from a time on, as a broker finds it: in the first segment whose largest timestamp is not
 * below, and in no other.
 */
export function findByTime(
  segments: readonly LogSegment[],
  timestamp: number,
  logStartOffset: number,
): OffsetAt | undefined {
  const segment = segments.find((each) => each.retentionTimestamp() >= timestamp)
  if (segment === undefined) return undefined
  const position = segment.positionAtTime(timestamp, logStartOffset)
  for (const batch of batchesFrom(segment, position)) {
    if (batch.maxTimestamp < timestamp) continue
    const isWanted = (record: RecordCursor) =>
      record.timestamp >= timestamp && record.offset >= logStartOffset
    const found = recordIn(batch, isWanted)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first record with the largest timestamp of all. */
export function findMaxTimestamp(segments: readonly LogSegment[]): OffsetAt | undefined {
  const [first, ...rest] = segments
  if (first === undefined) return undefined
  const later = (a: LogSegment, b: LogSegment) =>
    b.largestTimestamp.timestamp > a.largestTimestamp.timestamp ? b : a
  const segment = rest.reduce(later, first)
  const { timestamp, offset } = segment.largestTimestamp
  if (timestamp < 0) return undefined
  const header = segment.find(offset)
  if (header === undefined) return undefined
  for (const batch of batchesFrom(segment, header.position)) {
    return recordIn(batch, (record) => record.timestamp === timestamp)
  }
  return undefined
}

/** Whole batches from a place of the segment on, each good until the next is asked for. */
export function* batchesFrom(segment: LogSegment, position: number): Generator<RecordBatch, void, undefined> {
  const feed = new BatchFeed(segment.file, { from: position, end: segment.sizeBytes, chunkBytes: NEAR_BYTES })
  for (const found of feed) {
    if (found.kind !== 'batch') throw damaged(segment.path, found.position)
    yield found
  }
}

function recordIn(batch: RecordBatch, isWanted: (record: RecordCursor) => boolean): OffsetAt | undefined {
  const cursor = openRecords(batch, { checkCrc: false })
  while (cursor.next()) {
    if (!isWanted(cursor)) continue
    const leaderEpoch = batch.partitionLeaderEpoch
    return { offset: Number(cursor.offset), timestamp: Number(cursor.timestamp), leaderEpoch }
  }
  return undefined
}
