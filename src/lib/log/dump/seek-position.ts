import { join } from 'node:path'
import type { Int64 } from '../../bytes/int64.ts'
import { KtoolError } from '../../errors.ts'
import type { ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import { BatchFeed } from '../batch-feed.ts'
import { segmentFileName } from '../files/file-names.ts'
import { type OffsetEntry, parseOffsetIndex } from '../files/offset-index.ts'
import { readSmallFile } from '../read-small-file.ts'

/**
 * Where in a segment to begin, so that nothing from this offset on is missed. The index beside it is believed
 * as far as the log bears it out: a sound batch lies there that does not begin behind the entry's offset.
 */
export function seekPosition(
  disk: ReadableDisk,
  folder: string,
  log: ReadableFile,
  segment: { readonly baseOffset: Int64; readonly offset: Int64 },
): number {
  const { baseOffset, offset } = segment
  if (offset <= baseOffset) return 0
  const path = join(folder, segmentFileName(baseOffset, 'index'))
  const entry = entriesOf(disk, path, baseOffset).findLast((entry) => entry.offset <= offset)
  return entry !== undefined && isBorneOut(log, entry) ? entry.position : 0
}

/** Without an index that can be read the scan begins at the start. */
function entriesOf(disk: ReadableDisk, path: string, baseOffset: Int64): OffsetEntry[] {
  try {
    return disk.stat(path) === undefined ? [] : parseOffsetIndex(readSmallFile(disk, path), baseOffset)
  } catch (error) {
    if (error instanceof KtoolError) return []
    throw error
  }
}

/** Small reads: whoever seeks does not want to read the file. */
const CHUNK_BYTES = 64 * 1024

function isBorneOut(log: ReadableFile, { offset, position }: OffsetEntry): boolean {
  if (position < 0 || position >= log.sizeBytes()) return false
  const batch = new BatchFeed(log, { from: position, chunkBytes: CHUNK_BYTES }).next()
  if (batch?.kind !== 'batch' || batch.damage() !== null) return false
  return (batch.baseOffset ?? batch.lastOffset) <= offset
}
