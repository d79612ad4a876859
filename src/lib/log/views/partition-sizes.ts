import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { openPartitionFolder, type PartitionFolder } from '../partition-folder.ts'

/** As brokers count it: the segments in use, without indexes and what is about to be deleted. */
export function logSizeBytes({ segments }: PartitionFolder): number {
  return segments.reduce((sum, { log }) => sum + log.sizeBytes, 0)
}

/** The same of a folder that nobody opened. A live broker may have moved it meanwhile. */
export function copySizeBytes(disk: ReadableDisk, path: string): number {
  try {
    return logSizeBytes(openPartitionFolder(disk, path))
  } catch (cause) {
    if (cause instanceof KtoolError) return 0
    throw cause
  }
}
