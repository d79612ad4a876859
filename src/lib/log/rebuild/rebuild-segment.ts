import { DataError, FailedError, type KtoolError } from '../../errors.ts'
import type { Disk, ReadableDisk, ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed } from '../batch-feed.ts'
import { OFFSET_ENTRY_BYTES } from '../files/offset-index.ts'
import { TIME_ENTRY_BYTES } from '../files/time-index.ts'
import { TRANSACTION_ENTRY_BYTES } from '../files/transaction-index.ts'
import type { PartitionFolder, Segment } from '../partition-folder.ts'
import type { Turns } from '../turns.ts'
import { EntryOutput } from './entry-output.ts'
import type { Replacement } from './replace-file.ts'
import { SegmentIndexer } from './segment-indexer.ts'
import { type TransactionsAt, transactionsAt } from './transactions-at.ts'

export const indexKinds = ['index', 'timeindex', 'txnindex'] as const
export type IndexKind = (typeof indexKinds)[number]

/** An index as it is being rebuilt. */
export interface IndexDraft {
  readonly kind: IndexKind
  readonly path: string
  readonly old: ReadableFile | null
  readonly replacement: Replacement | null
  readonly output: EntryOutput
}

const entryBytes = {
  index: OFFSET_ENTRY_BYTES,
  timeindex: TIME_ENTRY_BYTES,
  txnindex: TRANSACTION_ENTRY_BYTES,
} as const

export function draftIndex(
  kind: IndexKind,
  path: string,
  old: ReadableFile | null,
  replacement: Replacement | null,
): IndexDraft {
  return {
    kind,
    path,
    old,
    replacement,
    output: new EntryOutput(entryBytes[kind], old, replacement?.file ?? null),
  }
}

/**
 * Reads a segment once, and writes its indexes' entries to the drafts. Returns null, or as a sentence why its
 * transaction index does not follow from what is there.
 */
export async function indexSegment(
  disk: Disk,
  folder: PartitionFolder,
  segment: Segment,
  drafts: readonly IndexDraft[],
  options: { readonly intervalBytes: number; readonly turns: Turns },
): Promise<string | null> {
  const outputOf = (kind: IndexKind) => drafts.find((draft) => draft.kind === kind)?.output
  const txnindex = outputOf('txnindex')
  const outputs = { index: outputOf('index'), timeindex: outputOf('timeindex'), txnindex }
  const indexer = new SegmentIndexer(segment.baseOffset, options.intervalBytes, outputs)
  const isLast = segment === folder.segments.at(-1)
  const open = txnindex === undefined ? null : await transactionsAt(disk, folder, segment, options.turns)
  try {
    await feedAll(disk, segment, isLast, (batch) => indexer.add(batch, abortedBy(batch, open)), options.turns)
  } catch (cause) {
    throw cause instanceof DataError ? damagedLog(segment, cause) : cause
  }
  indexer.end()
  if (open === null || open.doubt === null) return null
  const hasAborts = open.transactions.unmatchedCount > 0 || (txnindex?.sizeBytes ?? 0) > 0
  return hasAborts || segment.txnindex !== undefined ? open.doubt : null
}

function abortedBy(batch: RecordBatch, open: TransactionsAt | null) {
  return open?.transactions.add(batch) ?? null
}

async function feedAll(
  disk: ReadableDisk,
  segment: Segment,
  isLast: boolean,
  add: (batch: RecordBatch) => void,
  turns: Turns,
): Promise<void> {
  const file = disk.openToRead(segment.log.path)
  try {
    const feed = new BatchFeed(file)
    for (const found of feed) {
      if (found.kind === 'damage') {
        // A preallocated segment that was not closed ends in zeros.
        if (isLast && found.reason === 'zeros') return
        throw damaged(found)
      }
      const broken = found.damage()
      if (broken !== null) throw damaged(broken)
      add(found)
      if (turns.isDue()) await turns.turn(feed.position, feed.end)
    }
  } finally {
    file.close()
  }
}

function damaged({ position, finding }: Damage): DataError {
  return new DataError('damaged-log', `at position ${position}: ${finding}`, { details: { position } })
}

function damagedLog(segment: Segment, cause: KtoolError): FailedError {
  const { path, name } = segment.log
  return new FailedError('damaged-log', `${name} is damaged: ${cause.message}`, {
    hint: `ktool segments verify ${path} tells what a broker would do about it`,
    details: { path, ...cause.details },
    cause,
  })
}
