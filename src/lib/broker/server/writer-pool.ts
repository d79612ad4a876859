import { ResponseWriter } from './response-writer.ts'

const KEPT_WRITERS = 64
const LARGEST_KEPT_BYTES = 64 * 1024

/** Writers whose bytes have left. */
export class WriterPool {
  readonly #free: ResponseWriter[] = []

  take(): ResponseWriter {
    return this.#free.pop() ?? new ResponseWriter(512)
  }

  give(writer: ResponseWriter): void {
    const roomBytes = writer.written().buffer.byteLength
    writer.clear()
    if (this.#free.length < KEPT_WRITERS && roomBytes <= LARGEST_KEPT_BYTES) this.#free.push(writer)
  }
}
