import type { Int64 } from '../../bytes/int64.ts'
import { formatDuration } from '../../values/durations.ts'
import { formatSize } from '../../values/sizes.ts'
import { formatTime } from '../../values/times.ts'
import type { SegmentFacts } from './segment-facts.ts'
import type { TopicSettings } from './topic-settings.ts'

/** What the next round of retention does with a segment, and why. */
export interface RetentionVerdict {
  readonly action: 'delete' | 'keep'
  /** The limit that takes it: now, or first of all as far as can be foreseen. */
  readonly by: 'log start' | 'size' | 'time' | null
  /** From when on its time is over; null where no time ever comes, or where it is over now. */
  readonly atMs: number | null
  /** The segment that stands before it and is kept longer. */
  readonly blockedBy: string | null
  readonly reason: string
}

export interface Offsets {
  readonly logStartOffset: Int64
  readonly highWatermark: Int64
}

/**
 * A broker looks for segments below the log start, then beyond the size, then beyond the time. Each time it goes
 * from the oldest on and stops at the first that has to stay: what lies behind that one stays too.
 */
export function planRetention(
  segments: readonly SegmentFacts[],
  settings: TopicSettings,
  offsets: Offsets,
  nowMs: number,
): RetentionVerdict[] {
  const plan = new RetentionPlan(segments, settings, offsets, nowMs)
  plan.takeBelowLogStart()
  if (settings.spared === null) {
    plan.takeBeyondSize()
    plan.takeBeyondTime()
  }
  return plan.verdicts()
}

class RetentionPlan {
  readonly #segments: readonly SegmentFacts[]
  readonly #settings: TopicSettings
  readonly #offsets: Offsets
  readonly #nowMs: number
  readonly #taken: RetentionVerdict[] = []

  constructor(segments: readonly SegmentFacts[], settings: TopicSettings, offsets: Offsets, nowMs: number) {
    this.#segments = segments
    this.#settings = settings
    this.#offsets = offsets
    this.#nowMs = nowMs
  }

  takeBelowLogStart(): void {
    const { logStartOffset } = this.#offsets
    this.#take('log start', (segment) => {
      if (segment.isActive || segment.nextOffset > logStartOffset) return undefined
      return `all of it lies below the log start offset ${logStartOffset}`
    })
  }

  takeBeyondSize(): void {
    const { retentionBytes } = this.#settings
    let excessBytes = this.#keptBytes() - retentionBytes
    if (retentionBytes < 0) return
    this.#take('size', ({ sizeBytes }) => {
      if (excessBytes < sizeBytes) return undefined
      const reason = `the log is ${formatSize(excessBytes)} over retention.bytes ${retentionBytes}`
      excessBytes -= sizeBytes
      return reason
    })
  }

  takeBeyondTime(): void {
    const { retentionMs } = this.#settings
    if (retentionMs < 0) return
    this.#take('time', ({ largestTimestamp }) => {
      const ageMs = this.#nowMs - Number(largestTimestamp)
      if (ageMs <= retentionMs) return undefined
      return `it is ${formatDuration(ageMs)} old, more than retention.ms ${retentionMs}`
    })
  }

  verdicts(): RetentionVerdict[] {
    let last: Due | undefined
    const kept = this.#segments.slice(this.#taken.length).map((segment) => {
      const own = this.#dueOf(segment)
      const isLater = last === undefined || last.atMs <= own.atMs
      if (isLater) last = own
      return this.#keep(segment, own, last ?? own)
    })
    return [...this.#taken, ...kept]
  }

  #take(by: RetentionVerdict['by'], reasonFor: (segment: SegmentFacts) => string | undefined): void {
    for (const segment of this.#segments.slice(this.#taken.length)) {
      if (this.#isHeld(segment)) return
      const reason = reasonFor(segment)
      if (reason === undefined) return
      const rolled = segment.isActive ? '; a new active segment is made first' : ''
      this.#taken.push({ action: 'delete', by, atMs: null, blockedBy: null, reason: reason + rolled })
    }
  }

  /** The log start must never pass the high watermark, and an empty active segment is all that a log needs. */
  #isHeld({ nextOffset, isActive, sizeBytes }: SegmentFacts): boolean {
    return (isActive && sizeBytes === 0) || this.#offsets.highWatermark < nextOffset
  }

  #keptBytes(): number {
    return this.#segments.slice(this.#taken.length).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** When its own time is over; infinite where it never is. */
  #dueOf(segment: SegmentFacts): Due {
    const { spared, retentionMs } = this.#settings
    const isEndless = spared !== null || retentionMs < 0 || this.#isHeld(segment)
    const atMs = isEndless ? Infinity : Number(segment.largestTimestamp) + retentionMs + 1
    return { atMs, segment }
  }

  #keep(segment: SegmentFacts, own: Due, last: Due): RetentionVerdict {
    const isBlocked = last.segment !== segment
    const blockedBy = isBlocked ? last.segment.name : null
    const isEndless = last.atMs === Infinity
    const reason = isBlocked
      ? `${last.segment.name} before it ${this.#whyKept(last)}${own.atMs <= this.#nowMs ? '; its own time is over' : ''}`
      : this.#whyKept(own)
    return {
      action: 'keep',
      by: isEndless ? null : 'time',
      atMs: isEndless ? null : last.atMs,
      blockedBy,
      reason: reason + this.#sizeLeft(segment),
    }
  }

  #whyKept({ segment, atMs }: Due): string {
    const { spared, retentionMs } = this.#settings
    if (segment.isActive && segment.sizeBytes === 0) return 'is empty and active'
    const { highWatermark } = this.#offsets
    if (highWatermark < segment.nextOffset) {
      return `waits for the high watermark: it is ${highWatermark}, and must reach ${segment.nextOffset}`
    }
    if (spared !== null) return spared
    if (retentionMs < 0) return 'is kept for ever: retention.ms is -1'
    return `is kept until ${formatTime(atMs)}: ${this.#futureOf(segment)}`
  }

  #futureOf({ largestTimestamp, timestampFrom }: SegmentFacts): string {
    const aheadMs = Number(largestTimestamp) - this.#nowMs
    const time = `its largest timestamp is ${formatTime(largestTimestamp)} (${timestampFrom})`
    return aheadMs > 0 ? `${time}, ${formatDuration(aheadMs)} in the future` : time
  }

  #sizeLeft(segment: SegmentFacts): string {
    const { spared, retentionBytes } = this.#settings
    if (spared !== null || retentionBytes < 0) return ''
    const kept = this.#segments.slice(this.#taken.length)
    const upTo = kept.slice(0, kept.indexOf(segment) + 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const leftBytes = retentionBytes + upTo - this.#keptBytes()
    return `; or, by size, once the log has grown by ${formatSize(leftBytes)}`
  }
}

interface Due {
  readonly atMs: number
  readonly segment: SegmentFacts
}
