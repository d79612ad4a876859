import type {
  CoordinatorEntry,
  CoordinatorPartition,
  TransactionalProducer,
  TransactionMarker,
} from '../../../../../src/lib/broker/coordinators/coordinator-partition.ts'
import { decodeGroupRecord } from '../../../../../src/lib/broker/coordinators/group/decode-group-record.ts'
import type { GroupRecord } from '../../../../../src/lib/broker/coordinators/group/group-record.ts'
import { BatchWriter } from '../../../../../src/lib/records/batch-writer.ts'
import { controlRecordKey } from '../../../../../src/lib/records/control-record-type.ts'
import { DefaultRecordBatch } from '../../../../../src/lib/records/default-record-batch.ts'
import { openRecords } from '../../../../../src/lib/records/open-records.ts'
import type { RecordBatch } from '../../../../../src/lib/records/record-batch.ts'

/** A partition of `__consumer_offsets` that keeps batches in memory, and whose disk does what a test wants. */
export class MemoryOffsets implements CoordinatorPartition {
  readonly partition: number
  readonly leaderEpoch = 0
  readonly batchesWritten: Buffer[] = []
  readonly #readers: ((marker: TransactionMarker) => void)[] = []
  #nextOffset = 0
  /** Thrown by the next writes, until it is null again. */
  refusal: Error | null = null
  /** While it is not null, nothing written is safe. */
  flushing: Promise<void> | null = null

  constructor(partition = 0) {
    this.partition = partition
  }

  append(entries: readonly CoordinatorEntry[], producer?: TransactionalProducer): void {
    if (this.refusal !== null) throw this.refusal
    const isTransactional = producer !== undefined
    const writer = new BatchWriter({ baseOffset: this.#nextOffset, ...producer, isTransactional })
    for (const { key, value } of entries) writer.append({ timestamp: 0, key, value })
    this.#nextOffset += entries.length
    this.batchesWritten.push(Buffer.from(writer.finish()))
  }

  /** Nothing more is heard of what was in memory; the log stays. */
  crash(): void {
    this.#readers.length = 0
    this.refusal = null
    this.flushing = null
  }

  mark(producerId: number, isCommit: boolean): void {
    const producer = { producerId, producerEpoch: 0, isTransactional: true, isControl: true }
    const writer = new BatchWriter({ baseOffset: this.#nextOffset++, ...producer })
    writer.append({
      timestamp: 0,
      key: controlRecordKey(isCommit ? 'COMMIT' : 'ABORT'),
      value: Buffer.alloc(6),
    })
    this.batchesWritten.push(Buffer.from(writer.finish()))
    for (const read of this.#readers) read({ producerId, producerEpoch: 0, coordinatorEpoch: 0, isCommit })
  }

  hasOpenTransaction(): boolean {
    return false
  }

  durable(): Promise<void> {
    return this.flushing ?? Promise.resolve()
  }

  *batches(): Generator<RecordBatch> {
    for (const bytes of this.batchesWritten) yield new DefaultRecordBatch(bytes, 0, 0)
  }

  onMarker(run: (marker: TransactionMarker) => void): void {
    this.#readers.push(run)
  }

  /** What was written, in order, without markers. */
  records(): (GroupRecord | null)[] {
    return [...this.batches()].filter(({ isControl }) => !isControl).flatMap(decodeBatch)
  }
}

function decodeBatch(batch: RecordBatch): (GroupRecord | null)[] {
  const records: (GroupRecord | null)[] = []
  const cursor = openRecords(batch)
  while (cursor.next()) records.push(decodeGroupRecord(cursor.key, cursor.value))
  return records
}
