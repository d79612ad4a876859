import type { RecordPlace, RecordSink } from '../../model/record-sink.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { sanitiseLines } from '../sanitise.ts'
import { GrowingBytes } from './growing-bytes.ts'
import type { TextPart } from './text-format.ts'

const ENOUGH_BYTES = 256 * 1024

/** Records as the text of a format, byte by byte as they are; for a terminal without what would drive it. */
export class TextSink implements RecordSink {
  readonly #parts: readonly TextPart[]
  readonly #isForTerminal: boolean
  readonly #out = new GrowingBytes(2 * ENOUGH_BYTES)
  #count = 0

  constructor(parts: readonly TextPart[], { isForTerminal }: { readonly isForTerminal: boolean }) {
    this.#parts = parts
    this.#isForTerminal = isForTerminal
  }

  get isFull(): boolean {
    return this.#out.at >= (this.#isForTerminal ? 1 : ENOUGH_BYTES)
  }

  add(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    this.#count += 1
    const record = { place, batch, cursor, count: this.#count }
    for (const part of this.#parts) {
      if (part.kind === 'value') addBytes(this.#out, cursor.bytes, cursor.valueStart, cursor.valueLength)
      else if (part.kind === 'key') addBytes(this.#out, cursor.bytes, cursor.keyStart, cursor.keyLength)
      else if (part.kind === 'bytes') this.#out.add(part.bytes)
      else part.write(record, this.#out)
    }
  }

  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    while (cursor.next()) this.add(place, batch, cursor)
  }

  take(): Uint8Array | string {
    const bytes = this.#out.take()
    return this.#isForTerminal ? sanitiseLines(bytes.toString('utf8')) : bytes
  }
}

function addBytes(out: GrowingBytes, bytes: Buffer, start: number, length: number): void {
  if (length <= 0) return
  out.reserve(length)
  out.at += bytes.copy(out.bytes, out.at, start, start + length)
}
