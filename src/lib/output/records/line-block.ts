import { BugError, DataError } from '../../errors.ts'
import { openRecords } from '../../records/open-records.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import { scanBatches } from '../../records/scan-batches.ts'
import type { RecordForm } from './record-form.ts'
import { RecordLines } from './record-lines.ts'

/** Batches that lie side by side in a file, on their way to whatever thread makes lines of them. */
export interface LineBlock {
  readonly form: RecordForm
  readonly input: SharedArrayBuffer
  readonly inputBytes: number
  /** Of the first batch in its file. */
  readonly position: number
  readonly output: SharedArrayBuffer
}

/** What became of a block: lines, in an output that may have had to grow. */
export interface LineAnswer {
  readonly output: SharedArrayBuffer
  readonly outputBytes: number
  /** There is more to it than lines: damage to be told, or more lines than one should keep. */
  readonly isLeft: boolean
}

/** Lines beyond this are not kept until their turn comes: whoever writes them makes them then. */
const MOST_LINES_BYTES = 16 * 1024 * 1024

/** Makes the lines of one block after the other. */
export class LineMaker {
  #form = ''
  #lines: RecordLines | undefined

  answer(block: LineBlock): LineAnswer {
    const lines = this.#linesOf(block.form)
    const isWhole = addBlock(lines, block)
    const bytes = lines.take()
    if (!isWhole) return { output: block.output, outputBytes: 0, isLeft: true }
    const output = roomFor(bytes.length, block.output)
    new Uint8Array(output).set(bytes)
    return { output, outputBytes: bytes.length, isLeft: false }
  }

  #linesOf(form: RecordForm): RecordLines {
    const text = JSON.stringify(form)
    if (this.#lines === undefined || text !== this.#form) this.#lines = new RecordLines(form)
    this.#form = text
    return this.#lines
  }
}

/** They were framed before they became a block. */
export function batchesOf({ input, inputBytes, position }: LineBlock): RecordBatch[] {
  return [...scanBatches(Buffer.from(input, 0, inputBytes), position)].map((found) => {
    if (found.kind === 'batch') return found
    throw new BugError('damaged-block', `position ${found.position} of a block: ${found.finding}`)
  })
}

function addBlock(lines: RecordLines, block: LineBlock): boolean {
  try {
    return batchesOf(block).every((batch) => addBatch(lines, batch))
  } catch (error) {
    if (error instanceof DataError) return false
    throw error
  }
}

function addBatch(lines: RecordLines, batch: RecordBatch): boolean {
  const cursor = openRecords(batch, { checkCrc: false })
  if (batch.isControl) return addMarkers(lines, batch, cursor)
  lines.addAll(batch, cursor, MOST_LINES_BYTES)
  return lines.sizeBytes < MOST_LINES_BYTES
}

function addMarkers(lines: RecordLines, batch: RecordBatch, cursor: RecordCursor): boolean {
  while (cursor.next()) {
    if (!isMarker(cursor)) return false
    lines.add(batch, cursor)
  }
  return true
}

/** COMMIT and ABORT say all in two fields; other control records may have more to be shown. */
function isMarker({ key }: RecordCursor): boolean {
  return key !== null && key.length >= 4 && key.readUInt16BE(2) <= 1
}

/** A little more than is needed, as the next block will be much like this one. */
function roomFor(sizeBytes: number, output: SharedArrayBuffer): SharedArrayBuffer {
  return sizeBytes <= output.byteLength ? output : new SharedArrayBuffer(Math.ceil(sizeBytes * 1.25))
}
