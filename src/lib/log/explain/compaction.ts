import type { Int64 } from '../../bytes/int64.ts'
import { formatDuration } from '../../values/durations.ts'
import { formatTime } from '../../values/times.ts'
import type { SegmentFacts } from './segment-facts.ts'
import type { TopicSettings } from './topic-settings.ts'

/** What the cleaner would do with a log in its next round. */
export interface CompactionPlan {
  readonly willRun: boolean
  readonly reason: string
  readonly firstDirtyOffset: Int64
  /** The cleaner goes no further in this round. */
  readonly uncleanableFromOffset: Int64
  readonly cleanBytes: number
  readonly cleanableBytes: number
  /** Of what it would read; null where there is nothing. */
  readonly dirtyRatio: number | null
  readonly segments: readonly SegmentState[]
}

export interface SegmentState {
  readonly state: 'clean' | 'dirty' | 'uncleanable' | 'active'
  readonly reason: string
}

export interface CompactionFacts {
  readonly segments: readonly SegmentFacts[]
  readonly logStartOffset: Int64
  readonly logEndOffset: Int64
  readonly lastStableOffset: Int64
  /** The line of the cleaner's checkpoint; undefined if there is none. */
  readonly cleanerOffset: Int64 | undefined
  /** Of the first dirty segments' first batches, the earliest; null if none is known. */
  readonly earliestDirtyTimestamp: Int64 | null
}

interface Limit {
  readonly offset: Int64
  readonly reason: string
}

export function planCompaction(
  facts: CompactionFacts,
  settings: TopicSettings,
  nowMs: number,
): CompactionPlan {
  const firstDirtyOffset = firstDirtyOf(facts)
  const limit = limitOf(facts, firstDirtyOffset, settings, nowMs)
  const uncleanableFromOffset = floorBase(facts.segments, limit.offset)
  const cleanBytes = bytesBetween(facts.segments, -1, firstDirtyOffset)
  const cleanableBytes = bytesBetween(facts.segments, firstDirtyOffset, uncleanableFromOffset)
  const totalBytes = cleanBytes + cleanableBytes
  const dirtyRatio = totalBytes === 0 ? null : cleanableBytes / totalBytes
  const decision = decide(facts, settings, { cleanableBytes, dirtyRatio, limit, firstDirtyOffset }, nowMs)
  return {
    ...decision,
    firstDirtyOffset,
    uncleanableFromOffset,
    cleanBytes,
    cleanableBytes,
    dirtyRatio,
    segments: facts.segments.map((segment) => stateOf(segment, firstDirtyOffset, limit, decision.willRun)),
  }
}

/** A checkpoint that does not fit the log is not believed. */
function firstDirtyOf({ cleanerOffset, logStartOffset, logEndOffset }: CompactionFacts): Int64 {
  const isBelieved =
    cleanerOffset !== undefined && cleanerOffset >= logStartOffset && cleanerOffset <= logEndOffset
  return isBelieved ? cleanerOffset : logStartOffset
}

function limitOf(
  { segments, lastStableOffset }: CompactionFacts,
  firstDirty: Int64,
  { minCompactionLagMs }: TopicSettings,
  nowMs: number,
): Limit {
  const active = segments.at(-1)
  const limits: Limit[] = [{ offset: active?.baseOffset ?? 0, reason: 'the active segment is never cleaned' }]
  const open = 'readers of committed records stop there: the last stable offset'
  limits.push({ offset: lastStableOffset, reason: open })
  const young = segments.find(
    ({ isActive, nextOffset, largestTimestamp }) =>
      !isActive && nextOffset > firstDirty && Number(largestTimestamp) > nowMs - minCompactionLagMs,
  )
  if (minCompactionLagMs > 0 && young !== undefined) {
    const until = formatTime(Number(young.largestTimestamp) + minCompactionLagMs)
    const reason = `min.compaction.lag.ms keeps ${young.name} from being cleaned until ${until}`
    limits.push({ offset: young.baseOffset, reason })
  }
  return limits.reduce((lowest, limit) => (limit.offset < lowest.offset ? limit : lowest))
}

/** The segment that an offset lies in is left alone as a whole. */
function floorBase(segments: readonly SegmentFacts[], offset: Int64): Int64 {
  return (
    segments.findLast(({ baseOffset }) => baseOffset <= offset)?.baseOffset ?? segments[0]?.baseOffset ?? 0
  )
}

/** Of the segments from the one that holds `from` to the one before `to`, which may be the same. */
function bytesBetween(segments: readonly SegmentFacts[], from: Int64, to: Int64): number {
  const between = segments.filter(
    ({ baseOffset, nextOffset, isActive }) => baseOffset < to && (isActive || nextOffset > from),
  )
  return from >= to ? 0 : between.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

function decide(
  { earliestDirtyTimestamp }: CompactionFacts,
  { minCleanableDirtyRatio, maxCompactionLagMs }: TopicSettings,
  found: { cleanableBytes: number; dirtyRatio: number | null; limit: Limit; firstDirtyOffset: Int64 },
  nowMs: number,
): { willRun: boolean; reason: string } {
  const { cleanableBytes, dirtyRatio, limit, firstDirtyOffset } = found
  if (dirtyRatio === null || cleanableBytes === 0) {
    const reason = `nothing to clean from offset ${firstDirtyOffset} on: ${limit.reason} (offset ${limit.offset})`
    return { willRun: false, reason }
  }
  const ratio = dirtyRatio.toFixed(3)
  if (dirtyRatio > minCleanableDirtyRatio) {
    return {
      willRun: true,
      reason: `dirty ratio ${ratio} is above min.cleanable.dirty.ratio ${minCleanableDirtyRatio}`,
    }
  }
  const ageMs = earliestDirtyTimestamp === null ? 0 : nowMs - Number(earliestDirtyTimestamp)
  if (ageMs > maxCompactionLagMs) {
    const age = formatDuration(ageMs)
    return {
      willRun: true,
      reason: `dirty records are ${age} old, more than max.compaction.lag.ms ${maxCompactionLagMs}`,
    }
  }
  const reason = `dirty ratio ${ratio} is not above min.cleanable.dirty.ratio ${minCleanableDirtyRatio}; it waits for more to be written`
  return { willRun: false, reason }
}

function stateOf(segment: SegmentFacts, firstDirty: Int64, limit: Limit, willRun: boolean): SegmentState {
  const { isActive, nextOffset } = segment
  if (isActive) return { state: 'active', reason: 'the active segment is never cleaned' }
  if (nextOffset <= firstDirty) {
    return { state: 'clean', reason: willRun ? 'cleaned before; would be written again' : 'cleaned before' }
  }
  if (nextOffset > limit.offset) {
    return {
      state: 'uncleanable',
      reason: `the cleaner stops before offset ${limit.offset}: ${limit.reason}`,
    }
  }
  return { state: 'dirty', reason: willRun ? 'would be cleaned' : 'waits to be cleaned' }
}
