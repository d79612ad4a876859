import { readInt64 } from '../../bytes/int64.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'

/** The last of `count` entries for which this holds, −1 where it holds for none. It holds for the first ones only. */
export function lastWhere(count: number, holds: (entry: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Entries of a `.index` in their bytes. */
export const offsetAt = {
  relative: (entries: Buffer, entry: number): number => entries.readInt32BE(entry * OFFSET_ENTRY_BYTES),
  position: (entries: Buffer, entry: number): number => entries.readInt32BE(entry * OFFSET_ENTRY_BYTES + 4),
} as const

/** Entries of a `.timeindex` in their bytes. */
export const timeAt = {
  timestamp: (entries: Buffer, entry: number): number => Number(readInt64(entries, entry * TIME_ENTRY_BYTES)),
  relative: (entries: Buffer, entry: number): number => entries.readInt32BE(entry * TIME_ENTRY_BYTES + 8),
} as const
