import type { ItemFailure } from '../../model/outcome.ts'
import type { RecordPlace, RecordSink } from '../../model/record-sink.ts'
import type { RecordBatch } from '../../records/record-batch.ts'
import type { RecordCursor } from '../../records/record-cursor.ts'
import type { Format } from '../formats.ts'
import { type RawChunk, type Remarks, type Result, raw, stream } from '../result.ts'
import { LineSink } from './line-sink.ts'
import type { RecordForm } from './record-form.ts'
import type { RecordRow } from './record-row.ts'
import { recordShape } from './record-shape.ts'
import { RowSink } from './row-sink.ts'
import { parseTextFormat } from './text-format.ts'
import { TextSink } from './text-sink.ts'
import { ValueLines } from './value-lines.ts'

export interface PrintWish extends Pick<RecordForm, 'key' | 'value'> {
  readonly output: Format
  /** As `--format` has it. */
  readonly format?: string | undefined
  readonly isTerminal: boolean
}

/** What is printed next: records that were kept, then those in the sink; and what failed. */
export interface PrintChunk<Kept> {
  readonly kept?: readonly Kept[]
  readonly failures: readonly ItemFailure[]
}

/** Prints records in any format: those that go through its sink, and those that were kept for a while. */
export interface RecordPrinter<Kept> {
  readonly sink: RecordSink
  keep(place: RecordPlace, batch: RecordBatch, cursor: RecordCursor): Kept
  result(chunks: AsyncIterable<PrintChunk<Kept>>, remarks: Remarks): Result
}

/** The most common wish by far, which has a kernel of its own. */
const VALUE_LINES = '%v\\n'

/** Calls with the printer for a wish; what one of them keeps is nothing to another. */
export function withPrinter<T>(wish: PrintWish, use: <Kept>(printer: RecordPrinter<Kept>) => T): T {
  const { output, format, isTerminal, key, value } = wish
  if (format !== undefined || output === 'raw') {
    const text = format ?? VALUE_LINES
    if (text === VALUE_LINES && value === 'text' && !isTerminal)
      return use(bytePrinter(() => new ValueLines()))
    const parts = parseTextFormat(text, wish)
    return use(bytePrinter(() => new TextSink(parts, { isForTerminal: isTerminal })))
  }
  if (output === 'jsonl' && !isTerminal) return use(bytePrinter(() => new LineSink({ key, value })))
  return use(rowPrinter(wish))
}

/** Where everything goes through the sink. */
export async function* printedAsCome(
  found: AsyncIterable<readonly ItemFailure[]>,
): AsyncGenerator<PrintChunk<never>> {
  for await (const failures of found) yield { failures }
}

function rowPrinter({ key, value }: PrintWish): RecordPrinter<RecordRow> {
  const sink = new RowSink({ key, value })
  const shape = recordShape({ topic: null, partition: null, key, value, manner: 'read' })
  return {
    sink,
    keep: (...record) => sink.rowOf(...record),
    result: (chunks, remarks) => stream(shape, batchesOf(chunks, sink), remarks),
  }
}

async function* batchesOf(chunks: AsyncIterable<PrintChunk<RecordRow>>, sink: RowSink) {
  for await (const { kept = [], failures } of chunks) yield { rows: [...kept, ...sink.take()], failures }
}

type Bytes = Uint8Array | string
type ByteSink = RecordSink & { take(): Bytes }

/** Kept records have a sink of their own, to be made into bytes one by one. */
function bytePrinter(newSink: () => ByteSink): RecordPrinter<Bytes> {
  const sink = newSink()
  let single: ByteSink | undefined
  return {
    sink,
    keep: (...record) => {
      single ??= newSink()
      single.add(...record)
      const bytes = single.take()
      return typeof bytes === 'string' ? bytes : Buffer.from(bytes)
    },
    result: (chunks, remarks) => raw(rawChunksOf(chunks, sink), remarks),
  }
}

async function* rawChunksOf(
  chunks: AsyncIterable<PrintChunk<Bytes>>,
  sink: ByteSink,
): AsyncGenerator<RawChunk> {
  for await (const { kept = [], failures } of chunks) {
    for (const bytes of [...gathered(kept), sink.take()]) if (bytes.length > 0) yield { bytes }
    if (failures.length > 0) yield { bytes: '', failures }
  }
}

function gathered(kept: readonly Bytes[]): readonly Bytes[] {
  if (kept.length === 0) return kept
  if (kept.every((bytes) => typeof bytes === 'string')) return [kept.join('')]
  return [Buffer.concat(kept.map((bytes) => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes)))]
}
