import type { DefaultRecordCursor } from '../../records/default-record-cursor.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { jsonLine, rowObject } from '../json.ts'
import type { Shape } from '../shape.ts'
import { toJsonObject } from '../value.ts'
import { AT_HAND, IS_FULL, LEFT, READ } from './kernels/run.ts'
import { type LineEngine, PARTS_BYTES, startLineEngine, TARGET_BYTES } from './line-engine.ts'
import { linePartsOf } from './line-parts.ts'
import type { RecordForm } from './record-form.ts'
import { headersOf, ofTheLog, type RecordRow, recordRow } from './record-row.ts'
import { isForRun, startRun } from './record-run.ts'
import { recordShape } from './record-shape.ts'

const BILLION = 1_000_000_000
/** What a byte may become: `\u0000`. */
const WIDEST = 6
/** Keys and values beyond this are not worth the room that the kernel would have to keep for them. */
const LARGEST_BYTES = 1024 * 1024
/** Numbers and names of fields, besides what the parts hold. */
const LINE_BYTES = PARTS_BYTES + 256

/**
 * Writes records as lines of JSON, byte by byte: what `recordRow` says of each, many times as fast.
 *
 *     const lines = new RecordLines(form)
 *     lines.addAll(batch, cursor)
 *     await outlet.write(lines.take())
 */
export class RecordLines {
  readonly #form: RecordForm
  readonly #shape: Shape<RecordRow>
  readonly #engine: LineEngine
  /** Whether the kernel knows the formats; what it does not know is written the slow way. */
  readonly #isKnown: boolean
  readonly #numbers = { offsetHigh: 0, offsetLow: 0, timestampHigh: 0, timestampLow: 0, sequence: -1 }
  /** Of the parts that the engine has, and whether there was room for them. */
  #parts = ''
  #fits = false
  #cursor: RecordCursor | undefined
  /** The part of the cursor's bytes that the engine has at hand, and where the records end. */
  #from = 0
  #end = 0
  #limit = 0
  /** What did not fit any more, before what is in the engine's target. */
  #full: Buffer[] = []
  #at = 0

  constructor(form: RecordForm, engine: LineEngine = startLineEngine()) {
    this.#form = form
    this.#shape = recordShape(form)
    this.#engine = engine
    this.#isKnown = isKnown(form.key) && isKnown(form.value)
  }

  /** How much there is to take. */
  get sizeBytes(): number {
    return this.#full.reduce((sum, { length }) => sum + length, this.#at)
  }

  /** Adds the record that the cursor is at. */
  add(batch: RecordBatch, cursor: RecordCursor): void {
    if (cursor !== this.#cursor) this.#open(batch, cursor)
    const { keyStart, keyLength, valueStart, valueLength } = cursor
    const start = keyLength < 0 ? valueStart : keyStart
    const end = valueLength < 0 ? keyStart + Math.max(0, keyLength) : valueStart + valueLength
    const size = end - start
    if (!this.#fits || size > LARGEST_BYTES || !this.#takeNumbers(cursor)) {
      this.#addSlowly(batch, cursor)
      return
    }
    if (this.#at + size * WIDEST + LINE_BYTES > TARGET_BYTES) this.#setAside()
    if (start < this.#from || end > this.#end) this.#load(cursor, start)
    const isWhole = cursor.headerCount === 0 && !batch.isControl && this.#numbers.sequence >= -1
    this.#at = this.#engine.write(cursor, this.#numbers, isWhole, this.#at)
    if (!isWhole) this.#addText(this.#tail(batch, cursor))
  }

  /**
   * Adds all records that are left, or some more than make `enoughBytes`. Those before one that cannot be read are
   * added too.
   */
  addAll(batch: RecordBatch, cursor: RecordCursor, enoughBytes = Number.POSITIVE_INFINITY): void {
    if (cursor !== this.#cursor) this.#open(batch, cursor)
    if (this.#fits && isForRun(batch, cursor)) this.#addRun(cursor, enoughBytes)
    while (this.sizeBytes < enoughBytes && cursor.next()) this.add(batch, cursor)
  }

  /** As many as the kernel can do by itself, a window of them after the other. */
  #addRun(cursor: DefaultRecordCursor, enoughBytes: number): void {
    const { run } = this.#engine
    startRun(run, cursor)
    for (let isMoving = true; isMoving && run[LEFT] !== 0 && this.sizeBytes < enoughBytes; ) {
      const read = run[READ] as number
      if (read < this.#from || this.#end < this.#limit) this.#load(cursor, read)
      run[AT_HAND] = this.#end
      this.#at = this.#engine.writeRun(this.#at)
      isMoving = run[READ] !== read
      if (run[IS_FULL] === 1 && this.#at > 0) {
        this.#setAside()
        isMoving = true
      }
    }
    cursor.skipTo(run[READ] as number, run[LEFT] as number)
  }

  /** Adds what else belongs between records, a line or several. */
  addText(text: string): void {
    this.#addText(text)
  }

  /** All that was added since the last time; good until the next record is added. */
  take(): Uint8Array {
    const last = this.#engine.target.subarray(0, this.#at)
    const bytes = this.#full.length === 0 ? last : Buffer.concat([...this.#full, last])
    this.#full = []
    this.#at = 0
    return bytes
  }

  #open(batch: RecordBatch, cursor: RecordCursor): void {
    this.#cursor = cursor
    this.#from = 0
    this.#end = 0
    this.#limit = cursor.bytes === batch.bytes ? batch.start + batch.sizeBytes : cursor.bytes.length
    const name = `${batch.magic === 2} ${batch.timestampType}`
    if (name !== this.#parts) this.#setParts(name, batch)
  }

  #setParts(name: string, batch: RecordBatch): void {
    const parts = linePartsOf(this.#form, batch)
    this.#parts = name
    this.#fits = this.#isKnown && parts.bytes.length <= PARTS_BYTES
    if (this.#fits) this.#engine.setParts(parts)
  }

  /** A batch at once where it is small enough, else as much as there is room for. */
  #load(cursor: RecordCursor, start: number): void {
    this.#from = start
    this.#end = Math.min(this.#limit, start + this.#engine.windowBytes)
    this.#engine.load(cursor.bytes, this.#from, this.#end)
  }

  /** Whether they are numbers that the kernel can write. */
  #takeNumbers(cursor: RecordCursor): boolean {
    const numbers = this.#numbers
    const { offset, timestamp } = cursor
    if (typeof offset !== 'number' || typeof timestamp !== 'number') return false
    const offsetSize = Math.abs(offset)
    const offsetHigh = Math.floor(offsetSize / BILLION)
    numbers.offsetHigh = offset < 0 ? ~offsetHigh : offsetHigh
    numbers.offsetLow = offsetSize - offsetHigh * BILLION
    const timestampSize = Math.abs(timestamp)
    const timestampHigh = Math.floor(timestampSize / BILLION)
    numbers.timestampHigh = timestamp < 0 ? ~timestampHigh : timestampHigh
    numbers.timestampLow = timestampSize - timestampHigh * BILLION
    numbers.sequence = cursor.sequence
    return true
  }

  /** Behind the value: what few records have. */
  #tail(batch: RecordBatch, cursor: RecordCursor): string {
    const facts = this.#form.manner === 'dump' ? ofTheLog(batch, cursor) : {}
    const rest = toJsonObject(Object.entries({ ...headersOf(this.#form, cursor), ...facts }))
    return `,${jsonLine(rest).slice(1)}\n`
  }

  /** For what the kernel cannot write: other formats, numbers beyond 2^53−1, very long records. */
  #addSlowly(batch: RecordBatch, cursor: RecordCursor): void {
    this.#addText(
      `${jsonLine(rowObject(this.#shape as Shape<unknown>, recordRow(this.#form, batch, cursor)))}\n`,
    )
  }

  #addText(text: string): void {
    const { target } = this.#engine
    // No character of UTF-16 has more than three bytes.
    if (this.#at + text.length * 3 > target.length) {
      this.#setAside()
      if (text.length * 3 > target.length) {
        this.#full.push(Buffer.from(text))
        return
      }
    }
    this.#at += target.write(text, this.#at)
  }

  #setAside(): void {
    this.#full.push(Buffer.from(this.#engine.target.subarray(0, this.#at)))
    this.#at = 0
  }
}

function isKnown(format: RecordForm['key']): boolean {
  return format === 'text' || format === 'base64'
}
