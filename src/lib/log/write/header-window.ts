import type { ReadableFile } from '../../ports/disk.ts'
import { batchLayout, HEADER_UP_TO_MAGIC } from '../../records/batch-layout.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import { headerAt } from '../batch-headers.ts'

const WINDOW_BYTES = 4096

/** Headers of batches in files, a few kilobytes read at a time: small batches lie close to each other. */
export class HeaderWindow {
  readonly #bytes = Buffer.alloc(WINDOW_BYTES)
  #path: string | undefined
  #start = 0
  #length = 0

  /** What was read may have changed since. */
  forget(): void {
    this.#path = undefined
  }

  /** Its header, good until the next is asked for; nothing where no whole batch starts before `end`. */
  at(file: ReadableFile, position: number, end: number): RecordBatch | undefined {
    const wanted = Math.min(batchLayout.records, end - position)
    if (wanted < HEADER_UP_TO_MAGIC) return undefined
    const isInside =
      file.path === this.#path && position >= this.#start && position + wanted <= this.#start + this.#length
    if (!isInside) this.#read(file, position, end)
    if (this.#start + this.#length < position + wanted) return undefined
    return soundHeader(headerAt(this.#bytes, position - this.#start, position), end)
  }

  #read(file: ReadableFile, position: number, end: number): void {
    const length = Math.min(WINDOW_BYTES, end - position)
    this.#path = file.path
    this.#start = position
    this.#length = file.read(this.#bytes.subarray(0, length), position)
  }
}

/** Nothing where it cannot be one of a batch that ends at or before `end`. */
export function soundHeader(batch: RecordBatch, end: number): RecordBatch | undefined {
  const { position, sizeBytes } = batch
  return sizeBytes <= end - position && sizeBytes >= HEADER_UP_TO_MAGIC ? batch : undefined
}
