import { join } from 'node:path'
import type { Disk } from '../../ports/disk.ts'
import {
  formatOffsetCheckpoint,
  type OffsetCheckpoint,
  offsetCheckpoints,
} from '../files/offset-checkpoint.ts'
import { replaceFileSafely } from './replace-file.ts'
import type { WritableLog } from './writable-log.ts'

/** What a checkpoint says of a log; nothing where it has no line. */
const offsetOf: { readonly [file in OffsetCheckpoint]: (log: WritableLog) => number | undefined } = {
  recoveryPoint: (log) => log.checkpointed,
  highWatermark: (log) => log.highWatermark,
  logStartOffset: (log) => (log.logStartOffset > log.firstBaseOffset ? log.logStartOffset : undefined),
  cleanerOffset: (log) => log.cleanedOffset,
}

/** Writes one of the checkpoints of a directory; it is on the disk itself once this resolves. */
export async function writeCheckpoint(
  disk: Disk,
  directory: string,
  file: OffsetCheckpoint,
  logs: Iterable<WritableLog>,
): Promise<void> {
  const entries = [...logs].flatMap((log) => {
    const offset = offsetOf[file](log)
    return offset === undefined ? [] : [{ topic: log.topic, partition: log.partition, offset }]
  })
  await replaceFileSafely(disk, join(directory, offsetCheckpoints[file]), formatOffsetCheckpoint(entries))
}
