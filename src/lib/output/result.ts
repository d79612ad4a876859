import { type CheckFailed, KtoolError } from '../errors.ts'
import type { ItemFailure } from '../model/outcome.ts'
import type { Shape } from './shape.ts'
import type { Json } from './value.ts'
import type { WatchedTab } from './watch.ts'

/** What a command returns. It says nothing about formats: those are the renderer's. */
export type Result = WatchResult | RenderedResult

/** What can be printed as it is. */
export type RenderedResult = ListResult | ItemResult | LiveResult | JsonResult | RawResult | RanResult

/** An item that failed while the others went on. */
export interface Batch<Row> {
  readonly rows: readonly Row[]
  readonly failures?: readonly ItemFailure[]
  /** So many of the rows tell of failures: no work was done there. */
  readonly failedRowCount?: number
  /** So many things were looked at with nothing to say of them. */
  readonly rowlessCount?: number
}

export interface ListResult {
  readonly kind: 'list'
  // The row's type was checked where the result was made; from here on rows only meet their own columns.
  readonly shape: Shape<unknown>
  readonly batches: AsyncIterable<Batch<unknown>>
  readonly asBlocks: boolean
  readonly remarks: Remarks
}

export interface ItemResult {
  readonly kind: 'item'
  readonly shape: Shape<unknown>
  readonly row: unknown
  readonly remarks: Remarks
}

/** Something that goes on: its row is printed at once, in JSON on one line, and then it is waited for. */
export interface LiveResult {
  readonly kind: 'live'
  readonly shape: Shape<unknown>
  readonly row: unknown
  readonly remarks: Remarks
  /** What is said at the end. */
  readonly ended: () => Promise<Remarks>
}

/** Rows that are made anew again and again: a screen where somebody looks, lines elsewhere. */
export interface WatchResult {
  readonly kind: 'watch'
  readonly title: string
  /** The first one is what lines are made of. */
  readonly tabs: readonly WatchedTab[]
  readonly everyMs: number
  readonly remarks: Remarks
}

/** A program that ran in our place: its exit code is ours. */
export interface RanResult {
  readonly kind: 'ran'
  readonly status: number
  readonly remarks: Remarks
}

/** JSON in a form of its own, which no columns describe. */
export interface JsonResult {
  readonly kind: 'json'
  readonly chunks: AsyncIterable<JsonChunk>
  /** A line for each value, or indented for people. */
  readonly isLines: boolean
  readonly remarks: Remarks
}

export interface JsonChunk {
  readonly values: readonly Json[]
  readonly failures?: readonly ItemFailure[]
}

/** Text or bytes in a format of the command's own. */
export interface RawResult {
  readonly kind: 'raw'
  readonly chunks: AsyncIterable<RawChunk>
  readonly remarks: Remarks
}

export interface RawChunk {
  readonly bytes: string | Uint8Array
  readonly failures?: readonly ItemFailure[]
}

/** What is said beside the data. */
export interface Remarks {
  /** Talk for people, on stderr; `-q` silences it. */
  readonly notes?: readonly string[]
  /** The same, of what is known only behind the last row. */
  readonly notesAtEnd?: () => readonly string[]
  /** Parts of the place that could not be opened: failures, whatever the form of the answer. */
  readonly unread?: readonly ItemFailure[]
  /** It worked, and found trouble: exit 3. */
  readonly trouble?: CheckFailed
}

export interface ListOptions extends Remarks {
  readonly failures?: readonly ItemFailure[]
  /** Failures that have a row too. */
  readonly failedRowCount?: number
  /** What was looked at and has no row: where others failed, it is not true that nothing worked. */
  readonly rowlessCount?: number
  /** In a table each row is a block of its own, as for an item: for few rows with much to say. */
  readonly asBlocks?: boolean
}

/** Rows that are all there. */
export function list<Row>(shape: Shape<Row>, rows: readonly Row[], options: ListOptions = {}): ListResult {
  const { failures = [], failedRowCount = 0, rowlessCount = 0, ...rest } = options
  return stream(shape, once({ rows, failures, failedRowCount, rowlessCount }), rest)
}

/** One thing. */
export function item<Row>(shape: Shape<Row>, row: Row, remarks: Remarks = {}): ItemResult {
  return { kind: 'item', shape: shape as Shape<unknown>, row, remarks }
}

/** One thing that goes on until it ends. */
export function live<Row>(
  shape: Shape<Row>,
  row: Row,
  ended: () => Promise<Remarks>,
  remarks: Remarks = {},
): LiveResult {
  return { kind: 'live', shape: shape as Shape<unknown>, row, ended, remarks }
}

/** Rows that are looked at again and again. */
export function watch(
  title: string,
  tabs: readonly WatchedTab[],
  everyMs: number,
  remarks: Remarks = {},
): WatchResult {
  return { kind: 'watch', title, tabs, everyMs, remarks }
}

/** What became of a program that ran in our place. */
export function ran(status: number, remarks: Remarks = {}): RanResult {
  return { kind: 'ran', status, remarks }
}

/** Rows that are written as they come. The source is told to stop when nobody reads any more. */
export function stream<Row>(
  shape: Shape<Row>,
  batches: AsyncIterable<Batch<Row>>,
  options: Omit<ListOptions, 'failures' | 'failedRowCount'> = {},
): ListResult {
  const { asBlocks = false, ...remarks } = options
  return { kind: 'list', shape: shape as Shape<unknown>, batches, asBlocks, remarks }
}

/** What became of each item: a row, or the error that it ended in. */
export function outcomes<Row>(
  shape: Shape<Row>,
  results: readonly { item: string; outcome: Row | Error }[],
  options: Omit<ListOptions, 'failures'> = {},
): ListResult {
  const rows: Row[] = []
  const failures: ItemFailure[] = []
  for (const { item, outcome } of results) {
    if (outcome instanceof Error) failures.push({ item, error: asKtoolError(outcome) })
    else rows.push(outcome)
  }
  return list(shape, rows, { ...options, failures })
}

/** Work that prints nothing but what failed of it. */
export function failuresOnly(batches: AsyncIterable<Batch<unknown>>, remarks: Remarks = {}): RawResult {
  return { kind: 'raw', chunks: withoutRows(batches), remarks }
}

async function* withoutRows(batches: AsyncIterable<Batch<unknown>>): AsyncGenerator<RawChunk> {
  for await (const { failures = [] } of batches) yield { bytes: '', failures }
}

/** One JSON value, indented. */
export function document(value: Json, remarks: Remarks = {}): JsonResult {
  return { kind: 'json', chunks: once({ values: [value] }), isLines: false, remarks }
}

/** JSON values that are written as they come, each a line. */
export function jsonLines(chunks: AsyncIterable<JsonChunk>, remarks: Remarks = {}): JsonResult {
  return { kind: 'json', chunks, isLines: true, remarks }
}

/** Text or bytes that the command has made itself. */
export function raw(chunks: string | Uint8Array | AsyncIterable<RawChunk>, remarks: Remarks = {}): RawResult {
  const isWhole = typeof chunks === 'string' || chunks instanceof Uint8Array
  return { kind: 'raw', chunks: isWhole ? once({ bytes: chunks }) : chunks, remarks }
}

/** A bug is no outcome of an item: it ends the command. */
function asKtoolError(error: Error): KtoolError {
  if (error instanceof KtoolError) return error
  throw error
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
