import type {
  CoordinatorEntry,
  TransactionMarker,
} from '../../../../../src/lib/broker/coordinators/coordinator-partition.ts'
import type { TransactionStore } from '../../../../../src/lib/broker/coordinators/transaction/transaction-shard.ts'
import { BatchWriter } from '../../../../../src/lib/records/batch-writer.ts'
import { DefaultRecordBatch } from '../../../../../src/lib/records/default-record-batch.ts'
import type { RecordBatch } from '../../../../../src/lib/records/record-batch.ts'

/** A partition that keeps batches in memory, and whose disk does what a test wants. */
export class MemoryStore implements TransactionStore {
  readonly partition: number
  leaderEpoch = 0
  readonly markers: TransactionMarker[] = []
  readonly #batches: Buffer[] = []
  /** Thrown by the next writes, until it is null again. */
  refusal: Error | null = null
  /** Thrown whenever it is read, until it is null again. */
  damage: Error | null = null
  /** How often it was read. */
  reads = 0
  /** While it is not null, nothing written is safe. */
  flushing: Promise<void> | null = null

  constructor(partition: number) {
    this.partition = partition
  }

  append(entries: readonly CoordinatorEntry[]): void {
    if (this.refusal !== null) throw this.refusal
    const writer = new BatchWriter({ baseOffset: this.#batches.length })
    for (const { key, value } of entries) writer.append({ timestamp: 0, key, value, headers: [] })
    this.#batches.push(Buffer.from(writer.finish()))
  }

  appendMarker(marker: TransactionMarker): number {
    if (this.refusal !== null) throw this.refusal
    this.markers.push(marker)
    return this.markers.length - 1
  }

  hasOpenTransaction(): boolean {
    return false
  }

  durable(): Promise<void> {
    return this.flushing ?? Promise.resolve()
  }

  *batches(): Generator<RecordBatch> {
    this.reads++
    if (this.damage !== null) throw this.damage
    for (const bytes of this.#batches) yield new DefaultRecordBatch(bytes, 0, 0)
  }

  onMarker(): void {}
}
