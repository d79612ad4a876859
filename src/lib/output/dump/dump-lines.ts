import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { jsonLine, rowObject } from '../json.ts'
import { type LineEngine, startLineEngine } from '../records/line-engine.ts'
import { RecordLines } from '../records/record-lines.ts'
import type { Shape } from '../shape.ts'
import { batchLine, batchLineHead } from './batch-row.ts'
import { damageRow, entryRow } from './dump-rows.ts'
import { type DumpRow, dumpShape } from './dump-shape.ts'
import type { DamageShown, DecodedRecord, DumpedFile, DumpForm, FactsOfBatch } from './dump-view.ts'
import { dumpedRecord, formOf } from './record-dump.ts'

const ENOUGH_BYTES = 256 * 1024

/** Where lines gather until they are written. */
interface Lines {
  readonly sizeBytes: number
  addText(text: string): void
  take(): Uint8Array
}

/** What a dump finds, as lines of JSON: the same as its rows, many times as fast. */
export class DumpLines {
  readonly #form: DumpForm
  #full: Uint8Array[] = []
  #engine: LineEngine | undefined
  #file: FileLines | undefined

  constructor(form: DumpForm) {
    this.#form = form
  }

  get isFull(): boolean {
    return (this.#file?.lines.sizeBytes ?? 0) >= ENOUGH_BYTES || this.#full.length >= 1000
  }

  /** Good until something else is added. */
  take(): Uint8Array {
    const last = this.#file?.lines.take() ?? Buffer.alloc(0)
    const bytes = this.#full.length === 0 ? last : Buffer.concat([...this.#full, last])
    this.#full = []
    return bytes
  }

  batch(of: DumpedFile, batch: RecordBatch, facts: FactsOfBatch): void {
    const file = this.#of(of)
    file.lines.addText(batchLine(file.batchHead, batch, facts))
  }

  record(of: DumpedFile, batch: RecordBatch, cursor: RecordCursor, said: DecodedRecord | undefined): void {
    const file = this.#of(of)
    if (said === undefined && file.records !== undefined) file.records.add(batch, cursor)
    else this.#row(file, { ...dumpedRecord(formOf(of, this.#form), batch, cursor, said, this.#form.decode) })
  }

  damage(of: DumpedFile, damage: DamageShown): void {
    this.#row(this.#of(of), damageRow(of, damage))
  }

  entry(of: DumpedFile, entry: DumpRow): void {
    this.#row(this.#of(of), entryRow(of, entry))
  }

  #row({ lines, shape }: FileLines, row: DumpRow): void {
    lines.addText(`${jsonLine(rowObject(shape as Shape<unknown>, row))}\n`)
  }

  #of(of: DumpedFile): FileLines {
    if (this.#file?.of === of) return this.#file
    if (this.#file !== undefined) this.#full.push(Buffer.from(this.#file.lines.take()))
    this.#file = this.#linesOf(of)
    return this.#file
  }

  #linesOf(of: DumpedFile): FileLines {
    const common = { of, batchHead: batchLineHead(of), shape: dumpShape([of], this.#form) }
    const hasRecords = this.#form.records && (of.kind === 'log' || of.kind === 'checkpoint')
    if (!hasRecords) return { ...common, lines: new TextLines(), records: undefined }
    this.#engine ??= startLineEngine()
    const records = new RecordLines(formOf(of, this.#form), this.#engine)
    return { ...common, lines: records, records }
  }
}

interface FileLines {
  readonly of: DumpedFile
  readonly batchHead: string
  readonly shape: Shape<DumpRow>
  readonly lines: Lines
  /** Where records are wanted. */
  readonly records: RecordLines | undefined
}

/** For lines that are few enough to be text. */
class TextLines implements Lines {
  #text = ''

  get sizeBytes(): number {
    return this.#text.length
  }

  addText(text: string): void {
    this.#text += text
  }

  take(): Uint8Array {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    return bytes
  }
}
