import { join } from 'node:path'
import { DataError, KtoolError } from '../../errors.ts'
import { openPartitionFolder, type SegmentFile } from '../../log/partition-folder.ts'
import { readSmallFile } from '../../log/read-small-file.ts'
import { replaceFile } from '../../log/write/replace-file.ts'
import type { Disk, ReadableDisk } from '../../ports/disk.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { scanBatches } from '../../records/scan-batches.ts'

/** A whole snapshot, and how far it reaches. */
export interface Snapshot {
  readonly endOffset: number
  readonly batches: readonly RecordBatch[]
}

/** Far more than the metadata of a million partitions. */
const MAX_BYTES = 1024 * 1024 * 1024

/** The newest that was written to its end, if there is one. */
export function newestSnapshot(disk: ReadableDisk, logPath: string): Snapshot | null {
  for (const file of snapshotFiles(disk, logPath).toReversed()) {
    const batches = wholeBatches(disk, file)
    if (batches !== null) return { endOffset: Number(file.baseOffset), batches }
  }
  return null
}

/** By ascending offset. */
export function snapshotFiles(disk: ReadableDisk, logPath: string): readonly SegmentFile[] {
  return openPartitionFolder(disk, logPath).checkpoints
}

export function writeSnapshot(
  disk: Disk,
  logPath: string,
  { endOffset, epoch }: { endOffset: number; epoch: number },
  bytes: Buffer,
): void {
  const name = `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`
  replaceFile(disk, join(logPath, name), bytes)
}

function wholeBatches(disk: ReadableDisk, { path }: SegmentFile): readonly RecordBatch[] | null {
  try {
    const batches: RecordBatch[] = []
    for (const found of scanBatches(readSmallFile(disk, path, MAX_BYTES))) {
      if (found.kind === 'damage' || found.damage() !== null) return null
      batches.push(found)
    }
    return isFooter(batches.at(-1)) ? batches : null
  } catch (cause) {
    if (cause instanceof KtoolError) return null
    throw cause
  }
}

function isFooter(last: RecordBatch | undefined): boolean {
  if (last === undefined || !last.isControl) return false
  try {
    const cursor = openRecords(last)
    return cursor.next() && parseControlRecordKey(cursor.key).type === 'SNAPSHOT_FOOTER'
  } catch (cause) {
    if (cause instanceof DataError) return false
    throw cause
  }
}
