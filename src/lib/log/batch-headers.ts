import { batchLayout, MAGIC } from '../records/batch-layout.ts'
import { DefaultRecordBatch } from '../records/default-record-batch.ts'
import { LegacyRecordBatch } from '../records/legacy-record-batch.ts'
import type { RecordBatch } from '../records/record-batch.ts'

const HEADER_BYTES = batchLayout.records
const FIRST_ROOM = 1024

/**
 * The headers of batches that were read from a file, in ascending order: whoever walks it again needs nothing
 * more of it. What lies behind a header is not there.
 */
export class BatchHeaders {
  count = 0
  readonly #most: number
  #bytes = Buffer.alloc(0)
  #positions = new Float64Array(0)

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most
  }

  /** What is beyond the room there is for them is not kept. */
  add({ bytes, start, sizeBytes, position }: RecordBatch): void {
    if (this.count === this.#most) return
    if (this.count === this.#positions.length) this.#grow()
    const at = this.count * HEADER_BYTES
    bytes.copy(this.#bytes, at, start, start + Math.min(HEADER_BYTES, sizeBytes))
    this.#positions[this.count++] = position
  }

  at(index: number): RecordBatch | undefined {
    const position = this.#positions[index]
    if (position === undefined || index >= this.count) return undefined
    return headerAt(this.#bytes, index * HEADER_BYTES, position)
  }

  /** Which one starts there; −1 if none does. */
  indexOf(position: number): number {
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#positions[middle] as number) < position) low = middle + 1
      else high = middle
    }
    return this.#positions[low] === position && this.count > 0 ? low : -1
  }

  #grow(): void {
    const room = Math.min(this.#most, Math.max(FIRST_ROOM, this.count * 2))
    const positions = new Float64Array(room)
    positions.set(this.#positions)
    const bytes = Buffer.alloc(room * HEADER_BYTES)
    this.#bytes.copy(bytes)
    this.#positions = positions
    this.#bytes = bytes
  }
}

/** A batch of which only the header is there; every magic above 2 is taken for 2, as Kafka does. */
export function headerAt(bytes: Buffer, at: number, position: number): RecordBatch {
  return bytes.readInt8(at + MAGIC) >= 2
    ? new DefaultRecordBatch(bytes, at, position)
    : new LegacyRecordBatch(bytes, at, position)
}
