import { basename, dirname, join } from 'node:path'
import type { ReadableDisk } from '../../ports/disk.ts'
import { parseFileName, segmentFileName } from '../files/file-names.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import type { DumpInput } from './dump-input.ts'

/**
 * Whether a segment was never closed. Only the last one can be open; and a broker that allocates a log beforehand
 * has done so with its index, which ends in zeros too until it is closed.
 */
export function isOpenEnded(disk: ReadableDisk, { file, kind, nextBaseOffset }: DumpInput): boolean {
  if (kind !== 'log' || nextBaseOffset !== null) return false
  const said = parseFileName(basename(file))
  if (said === undefined) return true
  const folder = dirname(file)
  const isLater = (name: string) => {
    const other = parseFileName(name)
    return other?.kind === 'log' && other.leftover === null && other.baseOffset > said.baseOffset
  }
  if (disk.list(folder).some(({ name }) => isLater(name))) return false
  return !isClosed(disk, join(folder, segmentFileName(said.baseOffset, 'index')))
}

function isClosed(disk: ReadableDisk, path: string): boolean {
  if (disk.stat(path)?.kind !== 'file') return false
  const file = disk.openToRead(path)
  try {
    const entry = Buffer.alloc(OFFSET_ENTRY_BYTES)
    file.read(entry, Math.max(0, file.sizeBytes() - entry.length))
    return file.sizeBytes() === 0 || entry.some((byte) => byte !== 0)
  } finally {
    file.close()
  }
}
