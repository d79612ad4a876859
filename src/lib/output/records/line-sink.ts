import type { RecordPlace, RecordSink } from '../../model/record-sink.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { type LineEngine, startLineEngine } from './line-engine.ts'
import type { RecordForm } from './record-form.ts'
import { RecordLines } from './record-lines.ts'

const ENOUGH_BYTES = 256 * 1024

/** Records of any partitions as lines of JSON: the same as their rows, many times as fast. */
export class LineSink implements RecordSink {
  readonly #form: Pick<RecordForm, 'key' | 'value'>
  readonly #engine: LineEngine = startLineEngine()
  #place: RecordPlace | undefined
  #lines: RecordLines | undefined
  /** Of partitions before the one whose lines are being made. */
  #full: Buffer[] = []
  #fullBytes = 0

  constructor(form: Pick<RecordForm, 'key' | 'value'>) {
    this.#form = form
  }

  get isFull(): boolean {
    return this.#fullBytes + (this.#lines?.sizeBytes ?? 0) >= ENOUGH_BYTES
  }

  add(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    this.#of(place).add(batch, cursor)
  }

  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    this.#of(place).addAll(batch, cursor)
  }

  /** All that was added since the last time; good until the next record is added. */
  take(): Uint8Array {
    const last = this.#lines?.take() ?? Buffer.alloc(0)
    if (this.#full.length === 0) return last
    const bytes = Buffer.concat([...this.#full, last])
    this.#full = []
    this.#fullBytes = 0
    return bytes
  }

  #of(place: RecordPlace): RecordLines {
    if (this.#lines !== undefined && this.#place === place) return this.#lines
    this.#setAside()
    const { topic, partition } = place
    this.#place = place
    this.#lines = new RecordLines({ ...this.#form, topic, partition, manner: 'read' }, this.#engine)
    return this.#lines
  }

  /** The engine's memory is for the next one. */
  #setAside(): void {
    if (this.#lines === undefined || this.#lines.sizeBytes === 0) return
    const bytes = Buffer.from(this.#lines.take())
    this.#full.push(bytes)
    this.#fullBytes += bytes.length
  }
}
