import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { LogSegment } from '../write/log-segment.ts'
import { BatchChunks } from './batch-chunks.ts'
import { type Cleanable, segmentsBetween } from './cleanable.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { type Cleaning, type CleaningCounts, mustGoOn, turn } from './cleaning.ts'

/** Before it has been compiled, the hash of a key takes hundreds of times as long: no batch is too small to interrupt. */
const RECORDS_AT_ONCE = 16

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
    if (await mapSegment(segment, read, cleaning, counts)) break
    // Behind the last record there may be offsets that were cleaned away before.
    cleaning.map.latestOffset = (dirty[i + 1]?.baseOffset ?? firstUncleanableOffset) - 1
  }
  cleaning.map.markFrom(firstDirtyOffset)
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
      if (await mapBatch(batch, read, cleaning)) return true
      await turn(cleaning)
    }
  }
  return false
}

async function mapBatch(batch: RecordBatch, read: Read, cleaning: Cleaning): Promise<boolean> {
  const { map } = cleaning
  // What was aborted hides nothing that came before.
  const isAborted = read.transactions.read(batch)
  if (!batch.isControl && !isAborted && (await mapRecords(batch, read.from, cleaning))) return true
  if (batch.lastOffset >= read.from) map.latestOffset = Number(batch.lastOffset)
  return false
}

async function mapRecords(batch: RecordBatch, from: number, cleaning: Cleaning): Promise<boolean> {
  const { map, loadFactor, turns } = cleaning
  const most = Math.floor(map.slots * loadFactor)
  const records = openRecords(batch, { checkCrc: false })
  for (let count = 1; records.next(); count++) {
    if (count % RECORDS_AT_ONCE === 0 && turns.isDue()) await turn(cleaning)
    if (records.keyLength < 0 || records.offset < from) continue
    if (map.size >= most) return true
    map.put(records.bytes, records.keyStart, records.keyLength, Number(records.offset))
  }
  return false
}
