import { addInt64, type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import { BatchWindow } from './batch-window.ts'

/** Such a broker throws, and does not start. */
export class UnexpectedWrite extends Error {}

/** What a broker's memory of producers becomes while it reads a log, as its snapshots keep it. */
export class Producers {
  readonly entries: Map<Int64, ProducerEntry>
  /** By producer, what a snapshot does not keep: a retry may be of any of the last batches. */
  readonly windows = new Map<Int64, BatchWindow>()

  constructor(entries: Iterable<ProducerEntry> = []) {
    this.entries = new Map([...entries].map((entry) => [entry.producerId, entry]))
  }

  windowOf(entry: ProducerEntry): BatchWindow {
    return this.windows.get(entry.producerId) ?? BatchWindow.of(entry)
  }

  /** `whole` gives all of the batch. Returns what a marker aborts of this partition. */
  add(batch: RecordBatch, whole: () => DefaultRecordBatch): AbortedTransaction | null {
    if (batch.producerId < 0) return null
    if (batch.isControl) return this.#end(whole())
    this.#write(batch)
    return null
  }

  #write(batch: RecordBatch): void {
    const { producerId, producerEpoch, lastSequence, lastOffset, maxTimestamp } = batch
    const baseOffset = batch.baseOffset ?? lastOffset
    const before = this.entries.get(producerId)
    const open = before?.currentTxnFirstOffset ?? null
    if (open !== null && !batch.isTransactional) {
      throw new UnexpectedWrite(
        `producer ${producerId} writes outside of its open transaction at ${baseOffset}`,
      )
    }
    const window = before?.producerEpoch === producerEpoch ? this.windowOf(before) : new BatchWindow()
    window.add(batch)
    this.windows.set(producerId, window)
    this.entries.set(producerId, {
      producerId,
      producerEpoch,
      lastSequence,
      lastOffset,
      offsetDelta: Number(subtractInt64(lastOffset, baseOffset)),
      timestamp: maxTimestamp,
      coordinatorEpoch: before?.coordinatorEpoch ?? -1,
      currentTxnFirstOffset: open ?? (batch.isTransactional ? baseOffset : null),
    })
  }

  #end(batch: DefaultRecordBatch): AbortedTransaction | null {
    if (batch.count === 0) return null
    const cursor = openRecords(batch, { checkCrc: false })
    if (!cursor.next()) return null
    const { type } = parseControlRecordKey(cursor.key)
    const { value } = cursor
    if ((type !== 'ABORT' && type !== 'COMMIT') || value === null || value.length < 6) {
      throw new DataError('corrupt-control-record', 'it ends no transaction')
    }
    const before = this.entries.get(batch.producerId)
    const isSameEpoch = before?.producerEpoch === batch.producerEpoch
    if (!isSameEpoch) this.windows.delete(batch.producerId)
    this.entries.set(batch.producerId, {
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      lastSequence: isSameEpoch ? before.lastSequence : -1,
      lastOffset: isSameEpoch ? before.lastOffset : -1,
      offsetDelta: isSameEpoch ? before.offsetDelta : 0,
      timestamp: cursor.timestamp,
      coordinatorEpoch: value.readInt32BE(2),
      currentTxnFirstOffset: null,
    })
    const firstOffset = before?.currentTxnFirstOffset ?? null
    if (type !== 'ABORT' || firstOffset === null) return null
    const { producerId, lastOffset } = batch
    return {
      version: 0,
      producerId,
      firstOffset,
      lastOffset,
      lastStableOffset: this.#stableAfter(lastOffset),
    }
  }

  #stableAfter(lastOffset: Int64): Int64 {
    let first: Int64 | null = null
    for (const { currentTxnFirstOffset: open } of this.entries.values()) {
      if (open !== null && (first === null || open < first)) first = open
    }
    return first ?? addInt64(lastOffset, 1)
  }
}
