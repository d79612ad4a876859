import { isKnown } from '../model/figure.ts'
import type { FoundOffset, PartitionOffsets } from '../model/offsets.ts'

/** When a topic was last written to, as far as what is left of it tells. */
export type Idleness =
  | { readonly kind: 'written'; readonly lastTimestampMs: number | bigint }
  /** Nothing in it has a time; `why` is asked of its offsets. */
  | { readonly kind: 'timeless' }
  | { readonly kind: 'unknown'; readonly partition: number; readonly reason: string }

/** One partition that was written to lately is enough, whatever becomes of the others; else all have to be known. */
export function idlenessOf(latest: readonly FoundOffset[], beforeMs: number): Idleness {
  const times = latest.flatMap(({ timestamp }) => (timestamp === null ? [] : [timestamp]))
  const last = times.reduce<number | bigint | null>((a, b) => (a === null || b > a ? b : a), null)
  const unknown = latest.find(({ offset }) => offset !== null && !isKnown(offset))
  if (unknown !== undefined && (last === null || last < beforeMs)) {
    return { kind: 'unknown', partition: unknown.partition, reason: unknown.reason ?? 'it is not known why' }
  }
  return last === null ? { kind: 'timeless' } : { kind: 'written', lastTimestampMs: last }
}

export type Emptiness =
  | { readonly kind: 'empty'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly partition: number; readonly reason: string }

/** Whether a topic in which nothing has a time is empty, and if it always was. */
export function emptinessOf(offsets: readonly PartitionOffsets[]): Emptiness {
  for (const { partition, logStart, highWatermark, reason } of offsets) {
    if (!isKnown(logStart) || !isKnown(highWatermark)) {
      return { kind: 'unknown', partition, reason: reason ?? 'its offsets are not known' }
    }
    if (highWatermark.value > logStart.value) {
      return { kind: 'unknown', partition, reason: 'its records have no timestamps' }
    }
  }
  const isNew = offsets.every(
    ({ highWatermark }) => isKnown(highWatermark) && Number(highWatermark.value) === 0,
  )
  return { kind: 'empty', reason: isNew ? 'it was never written to' : 'all its records are deleted' }
}
