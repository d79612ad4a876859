import type { Int64 } from '../../../bytes/int64.ts'
import { DataError } from '../../../errors.ts'
import type { ReadableDisk } from '../../../ports/disk.ts'
import { parseControlRecordKey } from '../../../records/control-record-type.ts'
import { openRecords } from '../../../records/open-records.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import type { PartitionFolder } from '../../partition-folder.ts'
import { readTransactionIndex } from '../../read-transaction-index.ts'
import { scanLog } from '../../scan/scan-log.ts'

interface Aborted {
  readonly firstOffset: Int64
  /** Of the marker. */
  readonly lastOffset: Int64
}

/** The aborted transactions of a partition, by their producers: which batches readers of committed records do not get. */
export class AbortedTransactions {
  readonly #byProducer: ReadonlyMap<Int64, readonly Aborted[]>

  constructor(byProducer: ReadonlyMap<Int64, readonly Aborted[]>) {
    this.#byProducer = byProducer
  }

  /** The epoch is no help: since KIP-890 the marker's is one above that of the data. */
  has({ isTransactional, producerId, lastOffset }: RecordBatch): boolean {
    if (!isTransactional) return false
    const ranges = this.#byProducer.get(producerId) ?? []
    return ranges.some((range) => range.firstOffset <= lastOffset && lastOffset <= range.lastOffset)
  }
}

/**
 * As the `.txnindex` files have them, which brokers go by; a segment without one has no abort marker. Where one cannot be
 * read, the markers in the logs say it again, except for data that has been cleaned away.
 */
export function readAbortedTransactions(disk: ReadableDisk, folder: PartitionFolder): AbortedTransactions {
  try {
    return new AbortedTransactions(fromIndexes(disk, folder))
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return new AbortedTransactions(fromMarkers(disk, folder))
  }
}

function fromIndexes(disk: ReadableDisk, folder: PartitionFolder): Map<Int64, Aborted[]> {
  const found = new Map<Int64, Aborted[]>()
  for (const segment of folder.segments) {
    for (const aborted of readTransactionIndex(disk, segment)) add(found, aborted.producerId, aborted)
  }
  return found
}

function fromMarkers(disk: ReadableDisk, folder: PartitionFolder): Map<Int64, Aborted[]> {
  const found = new Map<Int64, Aborted[]>()
  const begun = new Map<Int64, Int64>()
  for (const batch of soundBatches(disk, folder)) {
    const { producerId, baseOffset, lastOffset } = batch
    if (!batch.isTransactional || baseOffset === null) continue
    const firstOffset = begun.get(producerId)
    if (!batch.isControl) begun.set(producerId, firstOffset ?? baseOffset)
    else if (firstOffset !== undefined) {
      if (isAbort(batch)) add(found, producerId, { firstOffset, lastOffset })
      begun.delete(producerId)
    }
  }
  return found
}

function* soundBatches(disk: ReadableDisk, folder: PartitionFolder): Generator<RecordBatch> {
  for (const { log, baseOffset } of folder.segments) {
    const file = disk.openToRead(log.path)
    try {
      for (const scanned of scanLog(file, { baseOffset })) {
        if (scanned.kind === 'batch' && scanned.damage === null) yield scanned.batch
      }
    } finally {
      file.close()
    }
  }
}

/** The cleaner keeps the batch of a marker that has been removed, without a record. */
function isAbort(batch: RecordBatch): boolean {
  const cursor = openRecords(batch)
  return cursor.next() && parseControlRecordKey(cursor.key).type === 'ABORT'
}

function add(found: Map<Int64, Aborted[]>, producerId: Int64, { firstOffset, lastOffset }: Aborted): void {
  const ranges = found.get(producerId)
  if (ranges === undefined) found.set(producerId, [{ firstOffset, lastOffset }])
  else ranges.push({ firstOffset, lastOffset })
}
