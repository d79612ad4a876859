import { OFFSET_ENTRY_BYTES, type OffsetEntry, parseOffsetIndex } from '../files/offset-index.ts'
import { parseTimeIndex, TIME_ENTRY_BYTES, type TimeEntry } from '../files/time-index.ts'
import type { IndexLayout } from './index-file.ts'

export const offsetIndexLayout: IndexLayout<OffsetEntry> = {
  entryBytes: OFFSET_ENTRY_BYTES,
  parse: parseOffsetIndex,
  mayFollow: (entry, before) => entry.offset > before.offset && entry.position > before.position,
}

export const timeIndexLayout: IndexLayout<TimeEntry> = {
  entryBytes: TIME_ENTRY_BYTES,
  parse: parseTimeIndex,
  mayFollow: (entry, before) => entry.timestamp > before.timestamp && entry.offset >= before.offset,
}
