import type { KtoolError } from '../../errors.ts'
import type { RecordFields } from '../../records/record-fields.ts'
import { type Packing, PendingBatch, type Sender } from './pending-batch.ts'

/** Of a record without headers, whatever its numbers take. */
const RECORD_BYTES = 24
const LAST_EPOCH = 2 ** 15 - 1

/**
 * The records for one partition, in their order. One batch is on its way at a time: whatever becomes of it, none
 * behind it has overtaken it, and its number is known when it leaves.
 */
export class PartitionLane {
  readonly partition: number
  readonly #packing: Packing
  readonly #batches: PendingBatch[] = []
  /** The next record's number. */
  sequence = 0
  isUnderWay = false
  /** What is there is not to wait for more. */
  isDue = false
  retryAtMs = 0
  /** Why nothing more can be written here. */
  end: KtoolError | undefined

  /** Who numbers the records, and in which epoch; null where nobody does. */
  sender: Sender | null

  constructor(partition: number, packing: Packing, sender: Sender | null) {
    this.partition = partition
    this.#packing = packing
    this.sender = sender
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  /** The one whose turn it is. */
  get first(): PendingBatch | undefined {
    return this.#batches[0]
  }

  get isReady(): boolean {
    const [first] = this.#batches
    return (
      !this.isUnderWay && first !== undefined && (this.isDue || this.#batches.length > 1 || first.tries > 0)
    )
  }

  /** Returns how many bytes it takes, and whether a batch was closed for it. */
  append(place: number, record: RecordFields, limitBytes: number): { sizeBytes: number; hasClosed: boolean } {
    const last = this.#batches.at(-1)
    const isFull = last === undefined || last.isSealed || last.sizeBytes + sizeOf(record) > limitBytes
    const batch = isFull ? new PendingBatch(this.#packing) : last
    if (isFull) this.#batches.push(batch)
    const before = isFull ? 0 : batch.sizeBytes
    batch.append(place, record)
    return { sizeBytes: batch.sizeBytes - before, hasClosed: isFull && last !== undefined && !last.isSealed }
  }

  /**
   * In a new epoch numbers begin anew, whatever the broker knows of those before (KIP-360). False where that cannot be:
   * a transaction is of one epoch, and of a batch that may have been written already there might be two.
   */
  renumber(): boolean {
    const { sender, first, sequence } = this
    if (sender === null || sender.isTransactional || sender.producerEpoch >= LAST_EPOCH) return false
    if (first === undefined || first.isInDoubt || sequence === 0) return false
    this.sender = { ...sender, producerEpoch: sender.producerEpoch + 1 }
    this.sequence = 0
    const [same] = first.split(1, () => 0)
    if (same === undefined) return false
    same.tries = first.tries
    this.replaceFirst([same])
    return true
  }

  /** Takes the first batch away, and puts others in its place. */
  replaceFirst(batches: readonly PendingBatch[] = []): void {
    this.#batches.splice(0, 1, ...batches)
    if (this.#batches.length === 0) this.isDue = false
  }
}

function sizeOf({ key, value, headers }: RecordFields): number {
  let size = RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  if (headers === undefined || headers.length === 0) return size
  for (const header of headers) size += 10 + header.key.length + (header.value?.length ?? 0)
  return size
}
