import { DataError } from '../../errors.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { scanBatches } from '../../records/scan-batches.ts'
import type { LogSegment } from '../write/log-segment.ts'
import type { LogSettings } from '../write/partition-log.ts'

/** No index can point beyond, and no Kafka opens such a file. */
const LARGEST_SEGMENT_BYTES = 2 ** 31 - 1

/** Gathers what stays of batches, and writes it to the new segment a piece at a time. */
export class CleanedOutput {
  writtenBytes = 0
  readonly #segment: LogSegment
  readonly #settings: LogSettings
  readonly #buffer: Buffer
  #length = 0

  constructor(segment: LogSegment, settings: LogSettings, bufferBytes: number) {
    this.#segment = segment
    this.#settings = settings
    this.#buffer = Buffer.allocUnsafe(bufferBytes)
  }

  add(batch: Buffer): void {
    if (this.#length + batch.length > this.#buffer.length) this.flush()
    if (batch.length > this.#buffer.length) {
      this.#write(batch)
      return
    }
    batch.copy(this.#buffer, this.#length)
    this.#length += batch.length
  }

  flush(): void {
    if (this.#length > 0) this.#write(this.#buffer.subarray(0, this.#length))
    this.#length = 0
  }

  #write(bytes: Buffer): void {
    if (this.#segment.sizeBytes + bytes.length > LARGEST_SEGMENT_BYTES) {
      throw new DataError(
        'segment-too-large',
        `what is left of ${this.#segment.path} is too large for a file`,
      )
    }
    this.#segment.append(bytes, batchesIn(bytes), this.#settings)
    this.writtenBytes += bytes.length
  }
}

function batchesIn(bytes: Buffer): RecordBatch[] {
  return [...scanBatches(bytes)].flatMap((found) => (found.kind === 'batch' ? [found] : []))
}
