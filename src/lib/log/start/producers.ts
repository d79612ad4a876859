import { type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import type { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'

/** Such a broker throws, and does not start. */
export class UnexpectedWrite extends Error {}

/** What a broker's memory of producers becomes while it reads a log, as its snapshots keep it. */
export class Producers {
  readonly entries: Map<Int64, ProducerEntry>

  constructor(entries: Iterable<ProducerEntry> = []) {
    this.entries = new Map([...entries].map((entry) => [entry.producerId, entry]))
  }

  /** `whole` gives all of the batch. True for a marker that aborts a transaction with data in this partition. */
  add(batch: RecordBatch, whole: () => DefaultRecordBatch): boolean {
    if (batch.producerId === -1) return false
    if (batch.isControl) return this.#end(whole())
    this.#write(batch)
    return false
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

  #end(batch: DefaultRecordBatch): boolean {
    if (batch.count === 0) return false
    const cursor = openRecords(batch, { checkCrc: false })
    if (!cursor.next()) return false
    const { type } = parseControlRecordKey(cursor.key)
    const { value } = cursor
    if ((type !== 'ABORT' && type !== 'COMMIT') || value === null || value.length < 6) {
      throw new DataError('corrupt-control-record', 'it ends no transaction')
    }
    const before = this.entries.get(batch.producerId)
    const isSameEpoch = before?.producerEpoch === batch.producerEpoch
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
    return type === 'ABORT' && (before?.currentTxnFirstOffset ?? null) !== null
  }
}
