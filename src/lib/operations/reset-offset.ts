import { FailedError, type KtoolError } from '../errors.ts'
import { isKnown } from '../model/figure.ts'
import type { FoundOffset, PartitionOffsets } from '../model/offsets.ts'
import type { OffsetSpec } from '../values/offsets.ts'
import { formatTime } from '../values/times.ts'
import type { Offset } from './figures.ts'
import { type Commit, type CommitPlace, isSameOffset } from './plan-commits.ts'

/** What a reset does to one commit. */
export interface ResetOffset {
  readonly commit: Commit
  /** Why it is another offset than the one that was asked for. */
  readonly warning: string | null
}

/** The two ends of a partition, as far as a reset may go. */
export interface Bounds {
  readonly start: Offset
  readonly end: Offset
}

/** Both, or why they are not known. */
export function boundsOf(place: CommitPlace, offsets: PartitionOffsets | undefined): Bounds | KtoolError {
  if (offsets === undefined) return unknown(place, 'the place says nothing of it')
  const { logStart, highWatermark, reason } = offsets
  if (reason !== null) return unknown(place, reason)
  if (!isKnown(logStart)) return unknown(place, logStart.reason)
  if (!isKnown(highWatermark)) return unknown(place, highWatermark.reason)
  return { start: logStart.value, end: highWatermark.value }
}

export interface ResetFacts {
  readonly place: CommitPlace
  readonly before: Commit | null
  readonly bounds: Bounds
  /** The first record that is not older, where a time was asked for. */
  readonly found: FoundOffset | undefined
}

/** Where a reset to a place in the log leads. */
export function resetOffset(spec: OffsetSpec, facts: ResetFacts): ResetOffset | KtoolError {
  const { before, bounds } = facts
  switch (spec.kind) {
    case 'start':
      return at(bounds.start)
    case 'end':
      return at(bounds.end)
    case 'current':
      // What nobody has committed yet begins where the next record will be: Kafka's tool does the same.
      return before === null
        ? at(bounds.end, 'there is no commit to keep: set to the end')
        : { commit: before, warning: null }
    case 'offset':
      return within(narrow(spec.offset), bounds)
    case 'shift':
      if (before === null) return nothingToShift(facts.place)
      return within(narrow(BigInt(before.offset) + spec.by), bounds)
    default:
      return atTime(spec.timeMs, facts)
  }
}

/** An offset that was written down, with what goes with it. */
export function resetTo(commit: Commit, bounds: Bounds): ResetOffset {
  const { commit: moved, warning } = within(commit.offset, bounds)
  return isSameOffset(moved.offset, commit.offset) ? { commit, warning } : { commit: moved, warning }
}

/** Neither epoch nor metadata belong to an offset that nobody has read up to. */
function at(offset: Offset, warning: string | null = null): ResetOffset {
  return { commit: { offset, leaderEpoch: null, metadata: '' }, warning }
}

function within(offset: Offset, { start, end }: Bounds): ResetOffset {
  if (offset < start) return at(start, `${offset} is before the log start: set to ${start}`)
  return offset > end ? at(end, `${offset} is beyond the end: set to ${end}`) : at(offset)
}

function atTime(timeMs: number, { place, found, bounds }: ResetFacts): ResetOffset | KtoolError {
  if (found === undefined) return unknown(place, 'nobody looked for the time')
  const { offset, reason } = found
  if (offset === null)
    return at(bounds.end, `there is no record from ${formatTime(timeMs)} on: set to the end`)
  return isKnown(offset) ? at(offset.value) : unknown(place, reason ?? offset.reason)
}

function narrow(offset: bigint): Offset {
  const number = Number(offset)
  return Number.isSafeInteger(number) ? number : offset
}

function nothingToShift(place: CommitPlace): KtoolError {
  return new FailedError('no-commit', 'there is no committed offset to shift', {
    hint: 'say where it is to begin: --to start, --to end or --to OFFSET',
    details: { ...place },
  })
}

function unknown(place: CommitPlace, reason: string): KtoolError {
  return new FailedError('offsets-unknown', reason, { details: { ...place } })
}
