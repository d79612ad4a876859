import type { Int64 } from '../../bytes/int64.ts'
import type { Codec } from '../../compression/codec.ts'
import { BatchWriter } from '../../records/batch-writer.ts'
import { DefaultRecordBatch } from '../../records/default-record-batch.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordFields } from '../../records/record-fields.ts'

/** How the records of a batch are packed. */
export interface Packing {
  readonly codec: Codec
  readonly level: number | undefined
}

/** Who sends a batch, and the number of its first record: brokers leave out what they were sent twice (KIP-98). */
export interface Sender {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly isTransactional: boolean
}

/** Records on their way to one partition, and where in the input they were. */
export class PendingBatch {
  readonly places: number[] = []
  readonly #packing: Packing
  readonly #writer: BatchWriter
  #sealed: Buffer | undefined
  /** When it was its turn for the first time. */
  triedSinceMs: number | undefined
  tries = 0
  /** It was sent, and no answer came: it may have been written. */
  isInDoubt = false

  constructor(packing: Packing) {
    this.#packing = packing
    const { codec, level } = packing
    this.#writer = new BatchWriter({ codec, ...(level === undefined ? {} : { level }) })
  }

  get sizeBytes(): number {
    return this.#writer.sizeBytes
  }

  get count(): number {
    return this.places.length
  }

  get isSealed(): boolean {
    return this.#sealed !== undefined
  }

  append(place: number, record: RecordFields): void {
    this.places.push(place)
    this.#writer.append(record)
  }

  /** The same bytes at each try: that is how the broker knows them again. */
  seal(sender: Sender | null, baseSequence: number): Buffer {
    this.#sealed ??= this.#writer.finish(sender === null ? {} : { ...sender, baseSequence })
    return this.#sealed
  }

  /** As it was sent. */
  get batch(): DefaultRecordBatch {
    return new DefaultRecordBatch(this.seal(null, -1), 0, 0)
  }

  /** Its records in other batches, each in that of the number that is chosen for it; undefined leaves it out. */
  split(parts: number, partOf: (index: number) => number | undefined): PendingBatch[] {
    const batches = Array.from({ length: parts }, () => new PendingBatch(this.#packing))
    const cursor = openRecords(this.batch, { checkCrc: false, maxBytes: this.sizeBytes })
    for (const [index, place] of this.places.entries()) {
      if (!cursor.next()) break
      const part = partOf(index)
      const { timestamp, key, value } = cursor
      const record = { timestamp, key, value, headers: cursor.headers() }
      if (part !== undefined) batches[part]?.append(place, record)
    }
    for (const batch of batches) batch.triedSinceMs = this.triedSinceMs
    return batches.filter(({ count }) => count > 0)
  }
}
