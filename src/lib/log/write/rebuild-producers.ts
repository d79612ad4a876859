import type { ReadableDisk } from '../../ports/disk.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { parseProducerSnapshot } from '../files/producer-snapshot.ts'
import { openPartitionFolder, type SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import { Producers } from '../start/producers.ts'

export interface RebuiltProducers {
  readonly producers: Producers
  readonly lastSnapshot: number
  /** Of what was cut off. */
  readonly stale: readonly SegmentFile[]
}

/** The producers of a log that ends sooner than it did: by the newest snapshot that is left, and what follows it. */
export function rebuildProducers(
  disk: ReadableDisk,
  path: string,
  endOffset: number,
  batchesFrom: (offset: number) => Iterable<RecordBatch>,
): RebuiltProducers {
  const { snapshots } = openPartitionFolder(disk, path)
  const newest = snapshots.findLast(({ baseOffset }) => baseOffset <= endOffset)
  const entries = newest === undefined ? [] : parseProducerSnapshot(readSmallFile(disk, newest.path))
  const lastSnapshot = Number(newest?.baseOffset ?? 0)
  const producers = new Producers(entries)
  for (const batch of batchesFrom(lastSnapshot)) {
    if (batch instanceof DefaultRecordBatch) producers.add(batch, () => batch)
  }
  const stale = snapshots.filter(({ baseOffset }) => baseOffset > endOffset)
  return { producers, lastSnapshot, stale }
}
