import type { Int64 } from '../../bytes/int64.ts'
import { parseControlRecordKey } from '../../records/control-record-type.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { ProducerEntry } from '../files/producer-snapshot.ts'
import type { AbortedTransaction } from '../files/transaction-index.ts'
import { BatchWindow } from '../start/batch-window.ts'
import type { Producers } from '../start/producers.ts'
import type { KnownProducer } from './partition-log.ts'

interface Transaction {
  readonly firstOffset: number
  readonly lastOffset: number
}

/** The producers of a log while it is written to, and their transactions. */
export class LogProducers {
  readonly #producers = new Map<Int64, Producer>()
  /** By first offset, which ascends: a transaction begins at the end of the log. */
  readonly #open = new Map<number, Producer>()
  /** Ended, their markers not yet below the high watermark; by ascending first offset. */
  #unreplicated: Transaction[] = []

  constructor(started: Producers) {
    for (const entry of started.entries.values()) {
      const producer = Producer.of(entry, started.windowOf(entry))
      this.#producers.set(producer.producerId, producer)
    }
    const open = [...this.#producers.values()].filter((producer) => producer.currentTxnFirstOffset !== null)
    open.sort((a, b) => (a.currentTxnFirstOffset ?? 0) - (b.currentTxnFirstOffset ?? 0))
    for (const producer of open) this.#open.set(producer.currentTxnFirstOffset ?? 0, producer)
  }

  get(producerId: Int64): KnownProducer | undefined {
    return this.#producers.get(producerId)
  }

  all(): Iterable<KnownProducer> {
    return this.#producers.values()
  }

  /** Where the first transaction begins that readers of committed records must wait for. */
  get firstUnstableOffset(): number | undefined {
    const [open] = this.#open.keys()
    const unreplicated = this.#unreplicated[0]?.firstOffset
    if (open === undefined || unreplicated === undefined) return open ?? unreplicated
    return Math.min(open, unreplicated)
  }

  /** Returns the transaction that the batch aborts. */
  add(batch: RecordBatch): AbortedTransaction | null {
    const { producerId } = batch
    if (producerId < 0) return null
    if (batch.isControl) return this.#end(batch, producerId)
    this.#write(batch, producerId)
    return null
  }

  /** Markers below are what every reader sees. */
  replicatedTo(highWatermark: number): void {
    const first = this.#unreplicated.findIndex(({ lastOffset }) => lastOffset >= highWatermark)
    this.#unreplicated = first === -1 ? [] : this.#unreplicated.slice(first)
  }

  expire(nowMs: number, olderThanMs: number): void {
    for (const [producerId, { lastTimestamp, currentTxnFirstOffset }] of this.#producers) {
      const isIdle = nowMs - lastTimestamp >= olderThanMs
      if (currentTxnFirstOffset === null && isIdle) this.#producers.delete(producerId)
    }
  }

  /** As a snapshot keeps them. */
  entries(): ProducerEntry[] {
    return [...this.#producers.values()].map(entryOf)
  }

  #known(producerId: Int64, producerEpoch: number): Producer {
    const known = this.#producers.get(producerId)
    if (known?.producerEpoch === producerEpoch) return known
    const producer = known ?? new Producer(producerId, producerEpoch)
    producer.producerEpoch = producerEpoch
    producer.window = new BatchWindow()
    this.#producers.set(producerId, producer)
    return producer
  }

  #write(batch: RecordBatch, producerId: Int64): void {
    const producer = this.#known(producerId, batch.producerEpoch)
    producer.window.add(batch)
    producer.lastTimestamp = Number(batch.maxTimestamp)
    if (!batch.isTransactional || producer.currentTxnFirstOffset !== null) return
    const baseOffset = Number(batch.baseOffset)
    producer.currentTxnFirstOffset = baseOffset
    this.#open.set(baseOffset, producer)
  }

  #end(batch: RecordBatch, producerId: Int64): AbortedTransaction | null {
    const cursor = openRecords(batch, { checkCrc: false })
    // The cleaner leaves the empty batch of a marker behind.
    if (!cursor.next()) return null
    const { type } = parseControlRecordKey(cursor.key)
    const producer = this.#known(producerId, batch.producerEpoch)
    const firstOffset = producer.currentTxnFirstOffset
    producer.currentTxnFirstOffset = null
    producer.coordinatorEpoch = cursor.value?.readInt32BE(COORDINATOR_EPOCH_AT) ?? -1
    producer.lastTimestamp = Number(cursor.timestamp)
    if (firstOffset === null) return null
    this.#open.delete(firstOffset)
    const lastOffset = Number(batch.lastOffset)
    this.#ended({ firstOffset, lastOffset })
    if (type !== 'ABORT') return null
    const [stable = lastOffset + 1] = this.#open.keys()
    return { version: 0, producerId, firstOffset, lastOffset, lastStableOffset: stable }
  }

  #ended(transaction: Transaction): void {
    const after = this.#unreplicated.findIndex(({ firstOffset }) => firstOffset > transaction.firstOffset)
    this.#unreplicated.splice(after === -1 ? this.#unreplicated.length : after, 0, transaction)
  }
}

const COORDINATOR_EPOCH_AT = 2

class Producer implements KnownProducer {
  readonly producerId: Int64
  producerEpoch: number
  window = new BatchWindow()
  lastTimestamp = -1
  coordinatorEpoch = -1
  currentTxnFirstOffset: number | null = null

  constructor(producerId: Int64, producerEpoch: number) {
    this.producerId = producerId
    this.producerEpoch = producerEpoch
  }

  static of(entry: ProducerEntry, window: BatchWindow): Producer {
    const { currentTxnFirstOffset } = entry
    const producer = new Producer(entry.producerId, entry.producerEpoch)
    producer.window = window
    producer.lastTimestamp = Number(entry.timestamp)
    producer.coordinatorEpoch = entry.coordinatorEpoch
    producer.currentTxnFirstOffset = currentTxnFirstOffset === null ? null : Number(currentTxnFirstOffset)
    return producer
  }

  get batches(): KnownProducer['batches'] {
    return this.window.batches
  }
}

function entryOf(producer: Producer): ProducerEntry {
  const last = producer.batches.at(-1)
  return {
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    lastSequence: last?.lastSequence ?? -1,
    lastOffset: last?.lastOffset ?? -1,
    offsetDelta: last === undefined ? 0 : last.lastOffset - last.firstOffset,
    timestamp: producer.lastTimestamp,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnFirstOffset: producer.currentTxnFirstOffset,
  }
}
