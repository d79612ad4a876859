import { addInt64, type Int64, readInt64, writeInt64 } from '../../bytes/int64.ts'

/** An entry of a `.timeindex`: up to `offset` no timestamp is larger than this one. */
export interface TimeEntry {
  readonly timestamp: Int64
  readonly offset: Int64
}

export const TIME_ENTRY_BYTES = 12

/** The entries up to the zeros that a preallocated file ends in; a last one that is cut short is left out. */
export function parseTimeIndex(bytes: Buffer, baseOffset: Int64): TimeEntry[] {
  const entries: TimeEntry[] = []
  for (let at = 0; at + TIME_ENTRY_BYTES <= bytes.length; at += TIME_ENTRY_BYTES) {
    const timestamp = readInt64(bytes, at)
    const relative = bytes.readInt32BE(at + 8)
    if (timestamp === 0 && relative === 0) break
    entries.push({ timestamp, offset: addInt64(baseOffset, relative) })
  }
  return entries
}

export function formatTimeIndex(entries: readonly { timestamp: Int64; relative: number }[]): Buffer {
  const bytes = Buffer.alloc(entries.length * TIME_ENTRY_BYTES)
  entries.forEach(({ timestamp, relative }, i) => {
    writeInt64(bytes, i * TIME_ENTRY_BYTES, timestamp)
    bytes.writeInt32BE(relative, i * TIME_ENTRY_BYTES + 8)
  })
  return bytes
}
