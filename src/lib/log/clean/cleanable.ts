import type { LogSegment } from '../write/log-segment.ts'
import type { WritableLog } from '../write/writable-log.ts'

/** What there is to clean of a log, and whether it is time. */
export interface Cleanable {
  readonly log: WritableLog
  readonly firstDirtyOffset: number
  /** Where a segment begins that is left alone. */
  readonly firstUncleanableOffset: number
  readonly cleanableBytes: number
  /** Of all that would be read; 0 where there is nothing. */
  readonly dirtyRatio: number
  /** By its ratio, or because some of it waits too long. */
  readonly isDue: boolean
  /** Why the checkpoint was not believed; null where it was. */
  readonly distrust: string | null
}

/** As Kafka's LogCleanerManager reckons. */
export function cleanableOf(log: WritableLog, nowMs: number): Cleanable {
  const { offset: firstDirtyOffset, distrust } = firstDirtyOf(log)
  const limit = Math.max(firstDirtyOffset, limitOf(log, firstDirtyOffset, nowMs))
  const firstUncleanableOffset = uncleanableBase(log.segments, limit)
  const cleanBytes = sizeOf(segmentsBetween(log.segments, 0, firstDirtyOffset))
  const cleanableBytes = sizeOf(
    segmentsBetween(log.segments, Math.min(firstDirtyOffset, firstUncleanableOffset), firstUncleanableOffset),
  )
  const totalBytes = cleanBytes + cleanableBytes
  const dirtyRatio = totalBytes === 0 ? 0 : cleanableBytes / totalBytes
  const isLate = cleanableBytes > 0 && isOverdue(log, firstDirtyOffset, nowMs)
  const isDue = totalBytes > 0 && (isLate || dirtyRatio > log.settings.minCleanableDirtyRatio)
  const offsets = { firstDirtyOffset, firstUncleanableOffset }
  return { log, ...offsets, cleanableBytes, dirtyRatio, isDue, distrust }
}

/** From the segment that holds `from` to the one before `to`. */
export function segmentsBetween(
  segments: readonly LogSegment[],
  from: number,
  to: number,
): readonly LogSegment[] {
  if (from >= to) return []
  const floor = Math.max(
    0,
    segments.findLastIndex(({ baseOffset }) => baseOffset <= from),
  )
  return segments.slice(floor).filter(({ baseOffset }) => baseOffset < to)
}

function firstDirtyOf({ cleanedOffset, logStartOffset, logEndOffset, settings }: WritableLog) {
  if (cleanedOffset === undefined) return { offset: logStartOffset, distrust: null }
  if (cleanedOffset > logEndOffset) return { offset: logStartOffset, distrust: 'it is beyond the end' }
  if (cleanedOffset >= logStartOffset) return { offset: cleanedOffset, distrust: null }
  // Where segments go by retention too, the checkpoint is soon below the log start.
  const distrust = settings.cleanupPolicy.has('delete') ? null : 'it is below the log start'
  return { offset: logStartOffset, distrust }
}

function limitOf(log: WritableLog, firstDirtyOffset: number, nowMs: number): number {
  const limit = Math.min(log.lastStableOffset, activeBase(log.segments))
  const { minCompactionLagMs } = log.settings
  if (minCompactionLagMs <= 0) return limit
  const young = closedFrom(log.segments, firstDirtyOffset).find(
    (segment) => segment.retentionTimestamp() > nowMs - minCompactionLagMs,
  )
  return Math.min(limit, young?.baseOffset ?? limit)
}

/** The segment that the limit lies in is left alone as a whole. */
function uncleanableBase(segments: readonly LogSegment[], limit: number): number {
  return closedFrom(segments, limit)[0]?.baseOffset ?? activeBase(segments)
}

function closedFrom(segments: readonly LogSegment[], offset: number): readonly LogSegment[] {
  return segmentsBetween(segments, offset, activeBase(segments))
}

function activeBase(segments: readonly LogSegment[]): number {
  return segments.at(-1)?.baseOffset ?? 0
}

function isOverdue({ segments, settings }: WritableLog, firstDirtyOffset: number, nowMs: number): boolean {
  const untilMs = nowMs - Math.max(0, settings.maxCompactionLagMs)
  return closedFrom(segments, firstDirtyOffset).some(({ firstTimestamp }) => {
    return firstTimestamp !== undefined && firstTimestamp > 0 && firstTimestamp < untilMs
  })
}

function sizeOf(segments: readonly LogSegment[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
