import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { jsonLine, rowObject } from '../json.ts'
import { type LineEngine, startLineEngine } from '../records/line-engine.ts'
import type { LineLane } from '../records/line-lane.ts'
import { RecordLines } from '../records/record-lines.ts'
import type { Shape } from '../shape.ts'
import { BatchLines } from './batch-lines.ts'
import { damageRow, entryRow } from './dump-rows.ts'
import { type DumpRow, dumpShape } from './dump-shape.ts'
import type { DamageShown, DecodedRecord, DumpedFile, DumpForm, FactsOfBatch } from './dump-view.ts'
import { LineBytes } from './line-bytes.ts'
import { dumpedRecord, formOf } from './record-dump.ts'

const ENOUGH_BYTES = 256 * 1024

/** What a dump finds, as lines of JSON: the same as its rows, many times as fast. */
export class DumpLines {
  readonly lane: RecordLane | undefined
  readonly #form: DumpForm
  readonly #text = new LineBytes(2 * ENOUGH_BYTES)
  readonly #batches = new BatchLines(this.#text)
  /** What was written before what is in the text, or in the records. */
  #full: Uint8Array[] = []
  #engine: LineEngine | undefined
  #file: FileLines | undefined

  /** With a lane, whole batches of records can go through it. */
  constructor(form: DumpForm, lane?: LineLane) {
    this.#form = form
    this.lane = lane && laneOf(lane, form)
  }

  get isFull(): boolean {
    const inRecords = this.#file?.records?.sizeBytes ?? 0
    return this.#text.at + inRecords >= ENOUGH_BYTES || this.#full.length >= ENOUGH_PIECES
  }

  /** Good until something else is added. */
  take(): Uint8Array {
    const last = this.#takeRecords() ?? this.#takeText()
    const all = last.length === 0 ? this.#full : [...this.#full, last]
    const [first = last] = all
    this.#full = []
    return all.length > 1 ? Buffer.concat(all) : first
  }

  /** What has come out of the lane, which is taken before the lane goes on. */
  written(lines: Uint8Array): void {
    if (lines.length > 0) this.#full.push(lines)
  }

  batch(of: DumpedFile, batch: RecordBatch, facts: FactsOfBatch): void {
    this.#textFor(this.#batches.roomFor(of, facts))
    this.#batches.add(of, batch, facts)
  }

  record(of: DumpedFile, batch: RecordBatch, cursor: RecordCursor, said: DecodedRecord | undefined): void {
    const file = this.#of(of)
    if (said === undefined) this.#recordsOf(file).add(batch, cursor)
    else this.#row(file, { ...dumpedRecord(formOf(of, this.#form), batch, cursor, said, this.#form.decode) })
  }

  records(of: DumpedFile, batch: RecordBatch, cursor: RecordCursor): void {
    this.#recordsOf(this.#of(of)).addAll(batch, cursor)
  }

  damage(of: DumpedFile, damage: DamageShown): void {
    this.#row(this.#of(of), damageRow(of, damage))
  }

  entry(of: DumpedFile, entry: DumpRow): void {
    this.#row(this.#of(of), entryRow(of, entry))
  }

  #row({ shape }: FileLines, row: DumpRow): void {
    const line = `${jsonLine(rowObject(shape as Shape<unknown>, row))}\n`
    // No character of UTF-16 has more than three bytes.
    const room = line.length * 3
    this.#textFor(Math.min(room, this.#text.bytes.length))
    if (room > this.#text.bytes.length) this.#full.push(Buffer.from(line))
    else this.#text.text(line)
  }

  /** Has room in the text, behind all that was said before. */
  #textFor(sizeBytes: number): void {
    this.#setAside(this.#takeRecords())
    if (this.#text.at + sizeBytes > this.#text.bytes.length) this.#setAside(this.#takeText())
  }

  #recordsOf(file: FileLines): RecordLines {
    if (this.#text.at > 0) this.#setAside(this.#takeText())
    this.#engine ??= startLineEngine()
    file.records ??= new RecordLines(formOf(file.of, this.#form), this.#engine)
    return file.records
  }

  #of(of: DumpedFile): FileLines {
    if (this.#file?.of === of) return this.#file
    this.#setAside(this.#takeRecords())
    this.#file = { of, shape: dumpShape([of], this.#form), records: undefined }
    return this.#file
  }

  #takeRecords(): Uint8Array | undefined {
    const records = this.#file?.records
    return records === undefined || records.sizeBytes === 0 ? undefined : records.take()
  }

  #takeText(): Uint8Array {
    const bytes = this.#text.bytes.subarray(0, this.#text.at)
    this.#text.at = 0
    return bytes
  }

  #setAside(bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.#full.push(Buffer.from(bytes))
  }
}

/** Where batches and records take turns each piece is small. */
const ENOUGH_PIECES = 100

/** The lane as a dump uses it, which knows files and not how their records are shown. */
type RecordLane = Omit<LineLane, 'put' | 'end'> & { put(of: DumpedFile, batch: RecordBatch): void }

function laneOf(lane: LineLane, form: DumpForm): RecordLane {
  return {
    get isEmpty() {
      return lane.isEmpty
    },
    isFor: (batch) => lane.isFor(batch),
    hasRoomFor: (batch) => lane.hasRoomFor(batch),
    put: (of, batch) => lane.put(formOf(of, form), batch),
    ready: (isLast) => lane.ready(isLast),
  }
}

interface FileLines {
  readonly of: DumpedFile
  readonly shape: Shape<DumpRow>
  records: RecordLines | undefined
}
