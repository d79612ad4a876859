import { addInt64, type Int64, readInt64, writeInt64 } from '../../bytes/int64.ts'
import { IndexEntries } from './index-entries.ts'

/** An entry of a `.timeindex`: up to `offset` no timestamp is larger than this one. */
export interface TimeEntry {
  readonly timestamp: Int64
  readonly offset: Int64
}

export const TIME_ENTRY_BYTES = 12

/** The entries up to the zeros that a preallocated file ends in; a last one that is cut short is left out. */
export function parseTimeIndex(bytes: Buffer, baseOffset: Int64): TimeEntry[] {
  return timeEntries(bytes, baseOffset).all()
}

/** The same, one by one. */
export function timeEntries(bytes: Buffer, baseOffset: Int64): IndexEntries<TimeEntry> {
  let end = 0
  for (; end + TIME_ENTRY_BYTES <= bytes.length; end += TIME_ENTRY_BYTES) {
    if (readInt64(bytes, end) === 0 && bytes.readInt32BE(end + 8) === 0) break
  }
  return new IndexEntries(end / TIME_ENTRY_BYTES, (index) => {
    const at = index * TIME_ENTRY_BYTES
    return { timestamp: readInt64(bytes, at), offset: addInt64(baseOffset, bytes.readInt32BE(at + 8)) }
  })
}

export function formatTimeIndex(entries: readonly { timestamp: Int64; relative: number }[]): Buffer {
  const bytes = Buffer.alloc(entries.length * TIME_ENTRY_BYTES)
  entries.forEach(({ timestamp, relative }, i) => {
    writeInt64(bytes, i * TIME_ENTRY_BYTES, timestamp)
    bytes.writeInt32BE(relative, i * TIME_ENTRY_BYTES + 8)
  })
  return bytes
}
