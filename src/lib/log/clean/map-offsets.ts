import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { LogSegment } from '../write/log-segment.ts'
import { BatchChunks } from './batch-chunks.ts'
import { type Cleanable, segmentsBetween } from './cleanable.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { type Cleaning, type CleaningCounts, mustGoOn, turn } from './cleaning.ts'

/** Reads the dirty part of a log, up to where the map is full, and notes the last offset of each key. */
export async function mapOffsets(
  { log, firstDirtyOffset, firstUncleanableOffset }: Cleanable,
  cleaning: Cleaning,
  counts: CleaningCounts,
): Promise<void> {
  const transactions = new CleanedTransactions()
  transactions.add(log.abortedEntries(firstDirtyOffset, firstUncleanableOffset))
  const dirty = segmentsBetween(log.segments, firstDirtyOffset, firstUncleanableOffset)
  for (const [i, segment] of dirty.entries()) {
    const read = { transactions, from: firstDirtyOffset }
    if (await mapSegment(segment, read, cleaning, counts)) return
    // Behind the last record there may be offsets that were cleaned away before.
    cleaning.map.latestOffset = (dirty[i + 1]?.baseOffset ?? firstUncleanableOffset) - 1
  }
}

interface Read {
  readonly transactions: CleanedTransactions
  readonly from: number
}

/** Returns whether the map is full. */
async function mapSegment(
  segment: LogSegment,
  read: Read,
  cleaning: Cleaning,
  counts: CleaningCounts,
): Promise<boolean> {
  const { chunkBytes } = cleaning
  const range = { from: segment.positionBelow(read.from), end: segment.sizeBytes, chunkBytes }
  const chunks = new BatchChunks(segment.file, range)
  for (let bytes = await chunks.more(); bytes > 0; bytes = await chunks.more()) {
    mustGoOn(cleaning)
    counts.mappedBytes += bytes
    await cleaning.throttle(bytes)
    for (let batch = chunks.next(); batch !== undefined; batch = chunks.next()) {
      if (mapBatch(batch, read, cleaning)) return true
      await turn(cleaning)
    }
  }
  return false
}

function mapBatch(batch: RecordBatch, { transactions, from }: Read, cleaning: Cleaning): boolean {
  const { map } = cleaning
  // What was aborted hides nothing that came before.
  const isAborted = transactions.read(batch)
  if (!batch.isControl && !isAborted && mapRecords(batch, from, cleaning)) return true
  if (batch.lastOffset >= from) map.latestOffset = Number(batch.lastOffset)
  return false
}

function mapRecords(batch: RecordBatch, from: number, { map, loadFactor }: Cleaning): boolean {
  const most = Math.floor(map.slots * loadFactor)
  const records = openRecords(batch, { checkCrc: false })
  while (records.next()) {
    if (records.keyLength < 0 || records.offset < from) continue
    if (map.size >= most) return true
    map.put(records.bytes, records.keyStart, records.keyLength, Number(records.offset))
  }
  return false
}
