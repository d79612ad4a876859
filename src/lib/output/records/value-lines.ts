import type { RecordPlace, RecordSink } from '../../model/record-sink.ts'
import type { DefaultRecordCursor } from '../../records/default-record-cursor.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { AT_HAND, IS_FULL, LEFT, READ } from './kernels/run.ts'
import { type LineEngine, startLineEngine } from './line-engine.ts'
import { isForRun, startRun } from './record-run.ts'

const ENOUGH_BYTES = 256 * 1024
const NEWLINE = 0x0a

/** Values as they are, a line feed behind each: those of the usual shape by the kernel, many at once. */
export class ValueLines implements RecordSink {
  readonly #engine: LineEngine
  /** What did not fit any more, before what is in the engine's target. */
  #full: Buffer[] = []
  #fullBytes = 0
  #at = 0

  constructor(engine: LineEngine = startLineEngine()) {
    this.#engine = engine
  }

  get isFull(): boolean {
    return this.#fullBytes + this.#at >= ENOUGH_BYTES
  }

  addAll(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): void {
    if (isForRun(batch, cursor)) this.#addRun(cursor)
    // What the kernel has left: from a record with headers on, or a very long one.
    while (cursor.next()) this.add(place, batch, cursor)
  }

  add(_place: RecordPlace, _batch: RecordBatch, { bytes, valueStart, valueLength }: RecordCursor): void {
    const length = Math.max(0, valueLength)
    const { target } = this.#engine
    if (this.#at + length >= target.length) this.#setAside()
    if (length >= target.length) this.#keep(bytes.subarray(valueStart, valueStart + length))
    else this.#at += bytes.copy(target, this.#at, valueStart, valueStart + length)
    target[this.#at] = NEWLINE
    this.#at += 1
  }

  /** All that was added since the last time; good until the next record is added. */
  take(): Uint8Array {
    const last = this.#engine.target.subarray(0, this.#at)
    const bytes = this.#full.length === 0 ? last : Buffer.concat([...this.#full, last])
    this.#full = []
    this.#fullBytes = 0
    this.#at = 0
    return bytes
  }

  #addRun(cursor: DefaultRecordCursor): void {
    const { run, windowBytes } = this.#engine
    startRun(run, cursor)
    const limit = cursor.end
    for (let isMoving = true; isMoving && run[LEFT] !== 0; ) {
      const read = run[READ] as number
      const end = Math.min(limit, read + windowBytes)
      this.#engine.load(cursor.bytes, read, end)
      run[AT_HAND] = end
      this.#at = this.#engine.writeValues(this.#at)
      isMoving = run[READ] !== read
      if (run[IS_FULL] === 1 && this.#at > 0) {
        this.#setAside()
        isMoving = true
      }
    }
    cursor.skipTo(run[READ] as number, run[LEFT] as number)
  }

  #setAside(): void {
    if (this.#at === 0) return
    this.#keep(this.#engine.target.subarray(0, this.#at))
    this.#at = 0
  }

  #keep(bytes: Buffer): void {
    this.#full.push(Buffer.from(bytes))
    this.#fullBytes += bytes.length
  }
}
