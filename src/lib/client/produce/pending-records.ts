import type { KtoolError } from '../../errors.ts'
import type { RecordFields } from '../../records/record-fields.ts'
import { Bell } from './bell.ts'
import { PartitionLane } from './partition-lane.ts'
import type { Packing, PendingBatch, Sender } from './pending-batch.ts'
import type { SentBatch } from './sent-batch.ts'

/** As much may wait to be sent; whoever has more to send waits. */
const BUFFER_BYTES = 32 * 1024 * 1024

/** The records that wait to be sent, by partition, and what became of those that do not any more. */
export class PendingRecords {
  readonly bell = new Bell()
  readonly #packing: Packing
  readonly #sender: Sender | null
  readonly #lanes = new Map<number, PartitionLane>()
  /** Those that have something. */
  readonly busy = new Set<PartitionLane>()
  #bufferedBytes = 0
  #sent: SentBatch[] = []
  /** Nothing more can be written: why not. */
  fatal: KtoolError | undefined

  constructor(packing: Packing, sender: Sender | null) {
    this.#packing = packing
    this.#sender = sender
  }

  get isFull(): boolean {
    return this.#bufferedBytes >= BUFFER_BYTES
  }

  /** Copies the record. */
  add(partition: number, place: number, record: RecordFields, batchSizeBytes: number) {
    const lane = this.#laneOf(partition)
    const { sizeBytes, hasClosed } = lane.append(place, record, batchSizeBytes)
    this.#bufferedBytes += sizeBytes
    this.busy.add(lane)
    return { lane, hasClosed }
  }

  #laneOf(partition: number): PartitionLane {
    const known = this.#lanes.get(partition)
    if (known !== undefined) return known
    const lane = new PartitionLane(partition, this.#packing, this.#sender)
    this.#lanes.set(partition, lane)
    return lane
  }

  /** What became of batches since the last time. */
  takeSent(): SentBatch[] {
    const sent = this.#sent
    this.#sent = []
    return sent
  }

  /** The first batch of a lane is through, or goes on in parts. */
  replaceFirst(lane: PartitionLane, parts: readonly PendingBatch[] = []): void {
    const { first } = lane
    if (first === undefined) return
    for (const { sizeBytes } of parts) this.#bufferedBytes += sizeBytes
    this.#bufferedBytes -= first.sizeBytes
    lane.replaceFirst(parts)
    if (lane.isEmpty) this.busy.delete(lane)
  }

  lose(lane: PartitionLane, batch: PendingBatch, error: KtoolError): void {
    this.tellLost(lane, batch.places, error)
    this.replaceFirst(lane)
  }

  loseAll(lane: PartitionLane, error: KtoolError): void {
    for (let batch = lane.first; batch !== undefined; batch = lane.first) this.lose(lane, batch, error)
  }

  /** Nothing more can be written there: what waits behind is lost when its turn comes. */
  end(lane: PartitionLane, error: KtoolError): void {
    lane.end = error
    this.fatal ??= error
  }

  tellLost({ partition }: PartitionLane, places: readonly number[], error: KtoolError): void {
    this.tell({ kind: 'lost', partition, places, error })
  }

  tell(sent: SentBatch): void {
    this.#sent.push(sent)
    this.bell.ring()
  }
}
