import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { BatchFeed } from '../batch-feed.ts'
import { type ProducerEntry, parseProducerSnapshot } from '../files/producer-snapshot.ts'
import type { PartitionFolder, Segment, SegmentFile } from '../partition-folder.ts'
import { readSmallFile } from '../read-small-file.ts'
import type { Turns } from '../turns.ts'
import { OpenTransactions } from './open-transactions.ts'

export interface TransactionsAt {
  readonly transactions: OpenTransactions
  /** Null, or as a sentence why transactions may have been open that nobody knows of. */
  readonly doubt: string | null
}

/**
 * The transactions open where a segment begins: what the newest producer snapshot up to there says, and what
 * the batches between the two add.
 */
export async function transactionsAt(
  disk: ReadableDisk,
  folder: PartitionFolder,
  segment: Segment,
  turns: Turns,
): Promise<TransactionsAt> {
  const known = newestSnapshot(disk, folder, segment)
  const transactions = new OpenTransactions(known?.producers)
  const from = known?.snapshot.baseOffset ?? 0
  const before = folder.segments.filter(({ baseOffset }) => baseOffset < segment.baseOffset)
  const between = before.filter((_, i) => (before[i + 1] ?? segment).baseOffset > from)
  for (const each of between) {
    const problem = await replay(disk, each, from, transactions, turns)
    if (problem !== null) return { transactions, doubt: problem }
  }
  const isWhole = known !== undefined || folder.segments[0]?.baseOffset === 0
  return { transactions, doubt: isWhole ? null : 'no producer snapshot tells what was open before' }
}

function newestSnapshot(
  disk: ReadableDisk,
  folder: PartitionFolder,
  segment: Segment,
): { snapshot: SegmentFile; producers: ProducerEntry[] } | undefined {
  for (const snapshot of folder.snapshots.toReversed()) {
    if (snapshot.baseOffset > segment.baseOffset) continue
    const producers = producersIn(disk, snapshot.path)
    if (producers !== undefined) return { snapshot, producers }
  }
  return undefined
}

/** A broker throws away a snapshot that it cannot believe, and takes the one before. */
function producersIn(disk: ReadableDisk, path: string): ProducerEntry[] | undefined {
  try {
    return parseProducerSnapshot(readSmallFile(disk, path))
  } catch (cause) {
    if (cause instanceof KtoolError) return undefined
    throw cause
  }
}

async function replay(
  disk: ReadableDisk,
  segment: Segment,
  from: number | bigint,
  transactions: OpenTransactions,
  turns: Turns,
): Promise<string | null> {
  const file = disk.openToRead(segment.log.path)
  try {
    const feed = new BatchFeed(file)
    for (const found of feed) {
      if (found.kind === 'damage') return `${segment.log.name} before it is damaged`
      if (found.lastOffset >= from) transactions.add(found)
      if (turns.isDue()) await turns.turn(feed.position, feed.end)
    }
    return null
  } finally {
    file.close()
  }
}
