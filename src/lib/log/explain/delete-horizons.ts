import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { BatchFeed } from '../batch-feed.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'

/** The tombstones and markers that wait for their time to go. */
export interface DeleteHorizons {
  /** How many batches hold some. */
  readonly batchCount: number
  readonly earliestMs: Int64 | null
  readonly latestMs: Int64 | null
}

/** The cleaner writes the time into the header of a batch when it first leaves a tombstone in it (KIP-534). */
export async function readHorizons(
  disk: ReadableDisk,
  folder: PartitionFolder,
  below: Int64,
  turns: Turns,
): Promise<DeleteHorizons> {
  let batchCount = 0
  let earliestMs: Int64 | null = null
  let latestMs: Int64 | null = null
  for (const { log } of folder.segments.filter(({ baseOffset }) => baseOffset < below)) {
    const file = disk.openToRead(log.path)
    try {
      const feed = new BatchFeed(file)
      for (const found of feed) {
        const horizon = found.kind === 'batch' ? found.deleteHorizonMs : null
        if (turns.isDue()) await turns.turn(feed.position, feed.end)
        if (horizon === null) continue
        batchCount += 1
        if (earliestMs === null || horizon < earliestMs) earliestMs = horizon
        if (latestMs === null || horizon > latestMs) latestMs = horizon
      }
    } finally {
      file.close()
    }
  }
  return { batchCount, earliestMs, latestMs }
}
