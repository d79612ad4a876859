import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { IndexEntries } from './index-entries.ts'

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
  return offsetEntries(bytes, baseOffset).all()
}

/** The same, one by one. */
export function offsetEntries(bytes: Buffer, baseOffset: Int64): IndexEntries<OffsetEntry> {
  let end = 0
  for (; end + OFFSET_ENTRY_BYTES <= bytes.length; end += OFFSET_ENTRY_BYTES) {
    if (bytes.readInt32BE(end) === 0 && (end > 0 || bytes.readInt32BE(end + 4) === 0)) break
  }
  return new IndexEntries(end / OFFSET_ENTRY_BYTES, (index) => {
    const at = index * OFFSET_ENTRY_BYTES
    return { offset: addInt64(baseOffset, bytes.readInt32BE(at)), position: bytes.readInt32BE(at + 4) }
  })
}

export function formatOffsetIndex(entries: readonly { relative: number; position: number }[]): Buffer {
  const bytes = Buffer.alloc(entries.length * OFFSET_ENTRY_BYTES)
  entries.forEach(({ relative, position }, i) => {
    bytes.writeInt32BE(relative, i * OFFSET_ENTRY_BYTES)
    bytes.writeInt32BE(position, i * OFFSET_ENTRY_BYTES + 4)
  })
  return bytes
}
