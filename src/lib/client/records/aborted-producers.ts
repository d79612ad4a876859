import { type Int64, toInt64 } from '../../bytes/int64.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/**
 * The aborted transactions that an answer to Fetch names, all that touch its batches. Each lasts from its first offset
 * to the marker that ends it, which comes among the batches, or in a later answer.
 */
export class AbortedProducers {
  readonly #ahead: { readonly producerId: Int64; readonly firstOffset: Int64 }[]
  readonly #now = new Set<Int64>()

  constructor(transactions: readonly AbortedTransaction[]) {
    this.#ahead = transactions
      .map(({ producerId, firstOffset }) => ({
        producerId: toInt64(producerId),
        firstOffset: toInt64(firstOffset),
      }))
      .sort((a, b) => Number(b.firstOffset > a.firstOffset) - Number(b.firstOffset < a.firstOffset))
  }

  /** Asked of each batch, in their order. */
  has(batch: RecordBatch): boolean {
    if (this.#ahead.length === 0 && this.#now.size === 0) return false
    this.#reach(batch.lastOffset)
    const { producerId } = batch
    if (!batch.isTransactional || !this.#now.has(producerId)) return false
    if (batch.isControl && isAbort(batch)) this.#now.delete(producerId)
    return true
  }

  #reach(offset: Int64): void {
    for (let next = this.#ahead.at(-1); next !== undefined && next.firstOffset <= offset; ) {
      this.#now.add(next.producerId)
      this.#ahead.pop()
      next = this.#ahead.at(-1)
    }
  }
}

/** The cleaner keeps the batch of a marker that has been removed, without a record. */
function isAbort(batch: RecordBatch): boolean {
  const cursor = openRecords(batch, { checkCrc: false })
  return cursor.next() && parseControlRecordKey(cursor.key).type === 'ABORT'
}
