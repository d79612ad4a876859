import type { Int64 } from '../../bytes/int64.ts'
import { DataError } from '../../errors.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'

/** What a broker knows of a producer, as DescribeProducers tells it. */
export interface ProducerState {
  readonly producerId: Int64
  readonly producerEpoch: number
  /** −1 where a marker with a new epoch has come since its last batch. */
  readonly lastSequence: number
  readonly lastTimestamp: Int64
  /** Of the coordinator that wrote the last marker; null where there was none. */
  readonly coordinatorEpoch: number | null
  /** Null where no transaction is open. */
  readonly currentTransactionStartOffset: Int64 | null
}

/** A transaction that a marker has ended. */
export interface EndedTransaction {
  readonly producerId: Int64
  readonly firstOffset: Int64
  /** Of the marker. */
  readonly lastOffset: Int64
  readonly isAborted: boolean
}

interface Marker {
  readonly isAbort: boolean
  readonly offset: Int64
  readonly timestamp: Int64
  readonly coordinatorEpoch: number
}

const NO_SEQUENCE = -1
const COORDINATOR_EPOCH_AT = 2

/** The producers of a partition, as a broker builds them from a snapshot and the batches behind it. */
export class ProducerStates {
  /** Markers that could not be read. */
  readonly unreadableMarkers: Int64[] = []
  readonly #states = new Map<Int64, ProducerState>()
  /** When the open transactions began whose first batch was seen. */
  readonly #startTimestamps = new Map<Int64, Int64>()

  constructor(snapshot: readonly ProducerEntry[] = []) {
    for (const entry of snapshot) {
      this.#states.set(entry.producerId, {
        producerId: entry.producerId,
        producerEpoch: entry.producerEpoch,
        lastSequence: entry.lastSequence,
        lastTimestamp: entry.timestamp,
        coordinatorEpoch: entry.coordinatorEpoch < 0 ? null : entry.coordinatorEpoch,
        currentTransactionStartOffset: entry.currentTxnFirstOffset,
      })
    }
  }

  /** By producer id. */
  all(): ProducerState[] {
    return [...this.#states.values()].sort((a, b) => (a.producerId < b.producerId ? -1 : 1))
  }

  startTimestamp(producerId: Int64): Int64 | null {
    return this.#startTimestamps.get(producerId) ?? null
  }

  /** What the next batch of the log changes; the transaction that it ends, if it ends one. */
  add(batch: RecordBatch): EndedTransaction | undefined {
    if (batch.producerId < 0) return undefined
    if (!batch.isControl) {
      this.#write(batch)
      return undefined
    }
    const marker = this.#markerIn(batch)
    return marker === undefined ? undefined : this.#end(batch, marker)
  }

  #write(batch: RecordBatch): void {
    const { producerId, producerEpoch, isTransactional } = batch
    const before = this.#states.get(producerId)
    const open = before?.currentTransactionStartOffset ?? null
    const opens = open === null && isTransactional
    if (opens) this.#startTimestamps.set(producerId, firstTimestampOf(batch))
    this.#states.set(producerId, {
      producerId,
      producerEpoch,
      lastSequence: batch.lastSequence,
      lastTimestamp: batch.maxTimestamp,
      coordinatorEpoch: before?.coordinatorEpoch ?? null,
      currentTransactionStartOffset: opens ? batch.baseOffset : open,
    })
  }

  /** The marker of a transaction that wrote nothing here ends nothing, but its epoch counts. */
  #end({ producerId, producerEpoch }: RecordBatch, marker: Marker): EndedTransaction | undefined {
    const before = this.#states.get(producerId)
    const firstOffset = before?.currentTransactionStartOffset ?? null
    // With transactions of version 2 a marker raises the epoch, and sequences begin anew.
    const isSameEpoch = before?.producerEpoch === producerEpoch
    this.#startTimestamps.delete(producerId)
    this.#states.set(producerId, {
      producerId,
      producerEpoch,
      lastSequence: isSameEpoch ? (before?.lastSequence ?? NO_SEQUENCE) : NO_SEQUENCE,
      lastTimestamp: marker.timestamp,
      coordinatorEpoch: marker.coordinatorEpoch,
      currentTransactionStartOffset: null,
    })
    if (firstOffset === null) return undefined
    return { producerId, firstOffset, lastOffset: marker.offset, isAborted: marker.isAbort }
  }

  /** The cleaner leaves an empty control batch where a transaction is gone as a whole: it ends nothing. */
  #markerIn(batch: RecordBatch): Marker | undefined {
    try {
      return markerOf(batch)
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      this.unreadableMarkers.push(batch.lastOffset)
      return undefined
    }
  }
}

/** The end of a transaction, if it is one. Its first record tells. */
export function markerOf(batch: RecordBatch): Marker | undefined {
  if (batch.count === 0) return undefined
  const cursor = openRecords(batch)
  if (!cursor.next()) return undefined
  const { type } = parseControlRecordKey(cursor.key)
  if (type !== 'ABORT' && type !== 'COMMIT') return undefined
  const { value, offset, timestamp } = cursor
  if (value === null || value.length < COORDINATOR_EPOCH_AT + 4) {
    throw new DataError('corrupt-control-record', `the marker at offset ${offset} has no coordinator epoch`)
  }
  return {
    isAbort: type === 'ABORT',
    offset,
    timestamp,
    coordinatorEpoch: value.readInt32BE(COORDINATOR_EPOCH_AT),
  }
}

/** Only in a batch with a delete horizon its base timestamp is not that of a record. */
export function firstTimestampOf(batch: RecordBatch): Int64 {
  const isPlain = batch.timestampType === 'CreateTime' && batch.deleteHorizonMs === null
  return isPlain && batch instanceof DefaultRecordBatch ? batch.baseTimestamp : batch.maxTimestamp
}
