import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'

/** Which transactions are open at a place of a log, and since where, by producer. */
export class OpenTransactions {
  /** Abort markers of transactions that were not known to be open. */
  unmatchedCount = 0
  readonly #firstOffsets = new Map<Int64, Int64>()

  constructor(producers: readonly ProducerEntry[] = []) {
    for (const { producerId, currentTxnFirstOffset } of producers) {
      if (currentTxnFirstOffset !== null) this.#firstOffsets.set(producerId, currentTxnFirstOffset)
    }
  }

  /** Takes the next batch; returns the transaction that it aborts. */
  add(batch: RecordBatch): AbortedTransaction | null {
    if (batch.producerId < 0 || batch.baseOffset === null) return null
    if (batch.isControl) return this.#end(batch, batch.baseOffset)
    if (batch.isTransactional && !this.#firstOffsets.has(batch.producerId)) {
      this.#firstOffsets.set(batch.producerId, batch.baseOffset)
    }
    return null
  }

  /** The epoch is not asked: since KIP-890 a marker carries the next one. */
  #end(batch: RecordBatch, lastOffset: Int64): AbortedTransaction | null {
    const { producerId } = batch
    const cursor = openRecords(batch, { checkCrc: false })
    // The cleaner leaves a marker's batch behind, empty, when all of its transaction is gone.
    if (!cursor.next()) return null
    const isAbort = parseControlRecordKey(cursor.key).type === 'ABORT'
    const firstOffset = this.#firstOffsets.get(producerId)
    this.#firstOffsets.delete(producerId)
    if (!isAbort) return null
    // A marker without data before it moves nobody's last stable offset, and has no entry.
    if (firstOffset === undefined) this.unmatchedCount += 1
    else
      return {
        version: 0,
        producerId,
        firstOffset,
        lastOffset,
        lastStableOffset: this.#stableAfter(lastOffset),
      }
    return null
  }

  #stableAfter(lastOffset: Int64): Int64 {
    let first: Int64 | undefined
    for (const offset of this.#firstOffsets.values())
      if (first === undefined || offset < first) first = offset
    return first ?? addInt64(lastOffset, 1)
  }
}
