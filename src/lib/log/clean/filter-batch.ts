import { addInt64, type Int64 } from '../../bytes/int64.ts'
import { Writer } from '../../bytes/writer.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { emptiedBatch, retainedBatch } from '../../records/retained-batch.ts'
import type { KnownProducer } from '../write/partition-log.ts'
import type { CleanedTransactions } from './cleaned-transactions.ts'
import type { OffsetMap } from './offset-map.ts'

/** As large as producers make them by default; it grows where one is larger. */
const CHANGED_BATCH_BYTES = 16 * 1024

/** By what a round of cleaning judges the batches of a log. */
export interface FilterFacts {
  readonly map: OffsetMap
  readonly transactions: CleanedTransactions
  /** When the round began. */
  readonly nowMs: number
  readonly deleteRetentionMs: number
  /** Where the round ends: the batch before keeps that offset, if not its records. */
  readonly endOffset: number
  readonly producer: (producerId: Int64) => KnownProducer | undefined
}

/** What the filter has done so far. */
export interface FilterCounts {
  readRecords: number
  keptRecords: number
  /** Without a key, in a log that is compacted: they go. */
  keylessRecords: number
}

/** Decides record by record what stays of a log, as Kafka's cleaner does. */
export class BatchFilter {
  readonly counts: FilterCounts = { readRecords: 0, keptRecords: 0, keylessRecords: 0 }
  /** Tombstones of the formats before magic 2, which cannot say when they may go: all of a segment stay, or none. */
  keepsLegacyTombstones = true
  readonly #facts: FilterFacts
  /** One for all batches: what is made anew for each would have to be collected, and others wait meanwhile. */
  readonly #writer = new Writer(CHANGED_BATCH_BYTES)
  #keep = new Uint8Array(256)
  #kept = 0
  #hasTombstone = false

  constructor(facts: FilterFacts) {
    this.#facts = facts
  }

  /** What is left of the batch; null where nothing is. Good until the next one is filtered. */
  filter(batch: RecordBatch): Buffer | null {
    const canGo = this.#facts.transactions.read(batch)
    const isDiscarded = canGo && (!batch.isControl || this.#isPastHorizon(batch))
    if (isDiscarded) {
      this.counts.readRecords += batch.count ?? 0
      return this.#mustStay(batch) ? emptiedBatch(batch) : null
    }
    const records = openRecords(batch, { checkCrc: false })
    const readRecords = this.#choose(batch, records)
    this.counts.readRecords += readRecords
    this.counts.keptRecords += this.#kept
    if (this.#kept === 0) return this.#mustStay(batch) ? emptiedBatch(batch) : null
    const needsHorizon = (this.#hasTombstone || canGo) && batch.deleteHorizonMs === null
    if (batch.magic === 2 && this.#kept === readRecords && !needsHorizon) return batch.raw
    const deleteHorizonMs = needsHorizon ? this.#newHorizon() : batch.deleteHorizonMs
    return retainedBatch(batch, records.again(), this.#keep, deleteHorizonMs, this.#writer)
  }

  #newHorizon(): number {
    return Math.min(this.#facts.nowMs + this.#facts.deleteRetentionMs, Number.MAX_SAFE_INTEGER)
  }

  #isPastHorizon({ deleteHorizonMs }: RecordBatch): boolean {
    return deleteHorizonMs !== null && deleteHorizonMs <= this.#facts.nowMs
  }

  /** The last batch of a producer that is known keeps its sequence, its last marker its epoch. */
  #mustStay(batch: RecordBatch): boolean {
    const { endOffset, producer } = this.#facts
    if (addInt64(batch.lastOffset, 1) === endOffset) return true
    const known = batch.producerId < 0 ? undefined : producer(batch.producerId)
    if (known === undefined) return false
    const last = known.batches.at(-1)
    if (last !== undefined) return batch.lastOffset === last.lastOffset
    return batch.isControl && batch.producerEpoch === known.producerEpoch
  }

  /** Notes which records stay. Returns how many there are. */
  #choose(batch: RecordBatch, records: RecordCursor): number {
    if (this.#keep.length < records.count) this.#keep = new Uint8Array(records.count)
    const keepsTombstones = batch.magic < 2 ? this.keepsLegacyTombstones : !this.#isPastHorizon(batch)
    let count = 0
    this.#kept = 0
    this.#hasTombstone = false
    for (; records.next(); count++) {
      const stays = batch.isControl || this.#stays(records, keepsTombstones)
      this.#keep[count] = stays ? 1 : 0
      if (!stays) continue
      this.#kept++
      if (records.valueLength < 0) this.#hasTombstone = true
    }
    return count
  }

  #stays(records: RecordCursor, keepsTombstones: boolean): boolean {
    const { map } = this.#facts
    const { offset, keyLength } = records
    if (offset > map.latestOffset) return true
    if (keyLength < 0) {
      this.counts.keylessRecords++
      return false
    }
    if (records.valueLength < 0 && !keepsTombstones) return false
    return map.isLast(records.bytes, records.keyStart, keyLength, Number(offset))
  }
}
