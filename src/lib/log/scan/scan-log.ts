import type { Int64 } from '../../bytes/int64.ts'
import type { ReadableFile } from '../../ports/disk.ts'
import type { Damage } from '../../records/damage.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { BatchFeed, type FeedOptions } from '../batch-feed.ts'
import type { Scanned } from './scanned.ts'

export interface ScanOptions extends FeedOptions {
  /** The segment's base offset: what is below it is not believed after damage. */
  readonly baseOffset?: Int64
  /** The next segment's base offset: what is not below it is not believed after damage. */
  readonly nextBaseOffset?: Int64
}

/** All that is in a log file: sound batches, batches that are damaged inside, and what lies between them. */
export function* scanLog(file: ReadableFile, options: ScanOptions = {}): Generator<Scanned, void, undefined> {
  const feed = new BatchFeed(file, options)
  for (const found of feed) yield scanned(found)
}

function scanned(found: RecordBatch | Damage): Scanned {
  if (found.kind === 'damage') return { kind: 'gap', damage: found }
  return { kind: 'batch', batch: found, damage: found.damage() }
}
