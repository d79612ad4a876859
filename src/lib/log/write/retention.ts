import type { LogSegment } from './log-segment.ts'
import type { LogSettings } from './partition-log.ts'

export interface RetentionFacts {
  readonly segments: readonly LogSegment[]
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly settings: LogSettings
  readonly nowMs: number
}

type Breach = (segment: LogSegment, next: LogSegment | undefined) => boolean

/** The first segments, as many as may go: by log start, then size, then time, each up to the first that stays. */
export function deletableSegments(facts: RetentionFacts): readonly LogSegment[] {
  const { settings, segments, logStartOffset } = facts
  const byStart = firstOnes(
    facts,
    segments,
    (_, next) => next !== undefined && next.baseOffset <= logStartOffset,
  )
  if (!settings.cleanupPolicy.has('delete')) return byStart
  const bySize = firstOnes(facts, segments.slice(byStart.length), sizeBreach(segments, byStart, settings))
  const gone = [...byStart, ...bySize]
  return [...gone, ...firstOnes(facts, segments.slice(gone.length), timeBreach(facts))]
}

function firstOnes(
  facts: RetentionFacts,
  segments: readonly LogSegment[],
  isOver: Breach,
): readonly LogSegment[] {
  const { highWatermark, logEndOffset } = facts
  const stays = segments.findIndex((segment, i) => {
    const next = segments[i + 1]
    if (next === undefined && segment.sizeBytes === 0) return true
    return highWatermark < (next?.baseOffset ?? logEndOffset) || !isOver(segment, next)
  })
  return stays === -1 ? segments : segments.slice(0, stays)
}

/** The size never falls below what is to be kept. */
function sizeBreach(
  segments: readonly LogSegment[],
  gone: readonly LogSegment[],
  { retentionBytes }: LogSettings,
): Breach {
  if (retentionBytes < 0) return () => false
  let excess = sizeOf(segments) - sizeOf(gone) - retentionBytes
  return ({ sizeBytes }) => {
    if (excess - sizeBytes < 0) return false
    excess -= sizeBytes
    return true
  }
}

function timeBreach({ settings, nowMs }: RetentionFacts): Breach {
  const { retentionMs } = settings
  if (retentionMs < 0) return () => false
  return (segment) => nowMs - segment.retentionTimestamp() > retentionMs
}

function sizeOf(segments: readonly LogSegment[]): number {
  return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
