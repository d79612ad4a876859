import type { Int64 } from '../../bytes/int64.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'

interface Aborted {
  readonly transaction: AbortedTransaction
  hasBatches: boolean
}

/**
 * The transactions of a log as the cleaner meets them, batch after batch: which data was aborted, and which markers
 * speak of nothing that is left.
 */
export class CleanedTransactions {
  readonly #committed = new Set<Int64>()
  readonly #aborted = new Map<Int64, Aborted>()
  readonly #keptAbort: ((transaction: AbortedTransaction) => void) | undefined
  /** Not begun yet, by ascending first offset. */
  #ahead: AbortedTransaction[] = []

  /** `keptAbort` hears of each aborted transaction of which something is left, when its marker is met. */
  constructor(keptAbort?: (transaction: AbortedTransaction) => void) {
    this.#keptAbort = keptAbort
  }

  /** Those that have something in the next part of the log; some may be known. */
  add(transactions: readonly AbortedTransaction[]): void {
    if (transactions.length === 0) return
    this.#ahead = [...this.#ahead, ...transactions].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  }

  /** Whether the batch can be discarded: data that was aborted, or a marker of nothing. */
  read(batch: RecordBatch): boolean {
    this.#begin(batch.lastOffset)
    return batch.isControl ? this.#readMarker(batch) : this.#readData(batch)
  }

  #begin(offset: Int64): void {
    const later = this.#ahead.findIndex(({ firstOffset }) => firstOffset > offset)
    if (later === 0 || this.#ahead.length === 0) return
    const begun = this.#ahead.splice(0, later === -1 ? this.#ahead.length : later)
    for (const transaction of begun) {
      const { producerId } = transaction
      if (!this.#aborted.has(producerId)) this.#aborted.set(producerId, { transaction, hasBatches: false })
    }
  }

  #readData({ isTransactional, producerId }: RecordBatch): boolean {
    if (!isTransactional) return false
    const aborted = this.#aborted.get(producerId)
    if (aborted === undefined) this.#committed.add(producerId)
    else aborted.hasBatches = true
    return aborted !== undefined
  }

  #readMarker(batch: RecordBatch): boolean {
    const { producerId } = batch
    const records = openRecords(batch, { checkCrc: false })
    // Its record was cleaned away before.
    if (!records.next()) return true
    const { type } = parseControlRecordKey(records.key)
    if (type === 'COMMIT') return !this.#committed.delete(producerId)
    if (type !== 'ABORT') return false
    const aborted = this.#aborted.get(producerId)
    this.#aborted.delete(producerId)
    if (aborted?.hasBatches !== true) return true
    this.#keptAbort?.(aborted.transaction)
    return false
  }
}
