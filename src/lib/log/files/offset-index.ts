import { addInt64, type Int64 } from '../../bytes/int64.ts'

/** An entry of a `.index`: whatever stands before `position` in the log has an offset below this one. */
export interface OffsetEntry {
  readonly offset: Int64
  readonly position: number
}

export const OFFSET_ENTRY_BYTES = 8

/**
 * The entries that were written; a last one that is cut short is left out. A preallocated file ends in zeros,
 * where no entry can stand: the first segment's base may be its first entry's offset, a later entry's never.
 */
export function parseOffsetIndex(bytes: Buffer, baseOffset: Int64): OffsetEntry[] {
  const entries: OffsetEntry[] = []
  for (let at = 0; at + OFFSET_ENTRY_BYTES <= bytes.length; at += OFFSET_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at)
    const position = bytes.readInt32BE(at + 4)
    if (relative === 0 && (at > 0 || position === 0)) break
    entries.push({ offset: addInt64(baseOffset, relative), position })
  }
  return entries
}

export function formatOffsetIndex(entries: readonly { relative: number; position: number }[]): Buffer {
  const bytes = Buffer.alloc(entries.length * OFFSET_ENTRY_BYTES)
  entries.forEach(({ relative, position }, i) => {
    bytes.writeInt32BE(relative, i * OFFSET_ENTRY_BYTES)
    bytes.writeInt32BE(position, i * OFFSET_ENTRY_BYTES + 4)
  })
  return bytes
}
