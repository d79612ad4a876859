import type { LogSegment } from '../write/log-segment.ts'
import type { WritableLog } from '../write/writable-log.ts'
import { BatchChunks } from './batch-chunks.ts'
import { CleanedOutput } from './cleaned-output.ts'
import { CleanedTransactions } from './cleaned-transactions.ts'
import { type Cleaning, type CleaningCounts, mustGoOn, turn } from './cleaning.ts'
import { BatchFilter } from './filter-batch.ts'

/** What the groups of a log have in common in a round. */
export interface Round {
  readonly log: WritableLog
  readonly cleaning: Cleaning
  readonly counts: CleaningCounts
  /** Where the round ends. */
  readonly endOffset: number
  /** Tombstones of old formats go where their segment was not changed since. */
  readonly legacyHorizonMs: number
  /** Goes on from group to group. */
  readonly transactions: CleanedTransactions
  /** Where the transaction index is of what is written. */
  readonly target: { segment: LogSegment | undefined }
}

export function beginRound(facts: Omit<Round, 'transactions' | 'target'>): Round {
  const target: Round['target'] = { segment: undefined }
  const transactions = new CleanedTransactions((kept) => target.segment?.txnindex.add(kept))
  return { ...facts, transactions, target }
}

/** Makes one segment of several neighbours, with what is to stay of them, and puts it in their place. */
export async function cleanSegments(group: readonly LogSegment[], round: Round): Promise<void> {
  const { log, cleaning } = round
  const [first] = group
  const last = group.at(-1)
  if (first === undefined || last === undefined) return
  const segment = log.beginCleaned(first.baseOffset)
  try {
    segment.txnindex.load()
    round.target.segment = segment
    await writeGroup(group, segment, round)
    segment.end()
    await segment.flush(false)
    mustGoOn(cleaning)
    segment.keepTime(last.modifiedMs)
  } catch (cause) {
    // Where its log was, another of the same name may be by now.
    if (log.isRetired) segment.release()
    else segment.remove()
    throw cause
  }
  await log.replaceSegments(group, segment)
  mustGoOn(cleaning)
}

async function writeGroup(group: readonly LogSegment[], segment: LogSegment, round: Round): Promise<void> {
  const { log, cleaning, counts, transactions, endOffset } = round
  const output = new CleanedOutput(segment, log.settings, cleaning.chunkBytes)
  const filter = new BatchFilter({
    map: cleaning.map,
    transactions,
    nowMs: cleaning.nowMs,
    deleteRetentionMs: log.settings.deleteRetentionMs,
    endOffset,
    producer: (producerId) => log.producer(producerId),
  })
  for (const source of group) {
    const next = log.segments[log.segments.indexOf(source) + 1]?.baseOffset ?? endOffset
    transactions.add(log.abortedEntries(source.baseOffset, next))
    filter.keepsLegacyTombstones = source.modifiedMs > round.legacyHorizonMs
    await filterSegment(source, filter, output, round)
  }
  output.flush()
  counts.writtenBytes += output.writtenBytes
  counts.readRecords += filter.counts.readRecords
  counts.keptRecords += filter.counts.keptRecords
  counts.keylessRecords += filter.counts.keylessRecords
}

async function filterSegment(
  source: LogSegment,
  filter: BatchFilter,
  output: CleanedOutput,
  { cleaning, counts }: Round,
): Promise<void> {
  const { chunkBytes } = cleaning
  const chunks = new BatchChunks(source.file, { from: 0, end: source.sizeBytes, chunkBytes })
  for (let bytes = await chunks.more(); bytes > 0; bytes = await chunks.more()) {
    mustGoOn(cleaning)
    counts.readBytes += bytes
    const before = output.writtenBytes
    await cleaning.throttle(bytes)
    for (let batch = chunks.next(); batch !== undefined; batch = chunks.next()) {
      const left = filter.filter(batch)
      if (left !== null) output.add(left)
      await turn(cleaning)
    }
    await cleaning.throttle(output.writtenBytes - before)
  }
}
