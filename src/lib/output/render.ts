import type { ExitCode } from '../errors.ts'
import { UsageError } from '../errors.ts'
import type { ItemFailure } from '../model/outcome.ts'
import { inChunks } from '../values/in-chunks.ts'
import { writeError, writeFailures, writeNote } from './failures.ts'
import type { Format } from './formats.ts'
import { jsonDocument, jsonItem, jsonLine, jsonlWriter, jsonWriter } from './json.ts'
import { nameWriter } from './names.ts'
import type { Outlet } from './outlet.ts'
import { plainBlocks, plainTable } from './plain-table.ts'
import { prometheusWriter } from './prometheus.ts'
import type {
  ItemResult,
  JsonResult,
  ListResult,
  LiveResult,
  RawResult,
  Remarks,
  RenderedResult,
} from './result.ts'
import { escapeInQuotes, sanitiseLines } from './sanitise.ts'
import { csvWriter, tsvWriter } from './separated.ts'
import type { Shape } from './shape.ts'
import type { Look, Writer } from './writer.ts'

const PIECE_ROWS = 1000

export interface Rendering {
  readonly format: Format
  readonly hasHeaders: boolean
  readonly isCsvSafe: boolean
  readonly isQuiet: boolean
  readonly nowMs: number
  readonly stdout: Outlet
  readonly stderr: Outlet
}

/** What became of it, for the exit code. */
export interface Tally {
  workedCount: number
  /** Of a list; what worked need not have any. */
  rowCount: number
  /** Of the program that ran in our place. */
  status?: number
  readonly failedWith: Set<ExitCode>
  foundTrouble: boolean
}

export function newTally(): Tally {
  return { workedCount: 0, rowCount: 0, failedWith: new Set(), foundTrouble: false }
}

/**
 * Writes a result in the format that was asked for. Data goes to stdout, all else to stderr.
 * The tally is kept as it goes, so that it tells the truth of a result that ends in an error.
 */
export async function render(
  result: RenderedResult,
  rendering: Rendering,
  tally = newTally(),
): Promise<Tally> {
  const isRead = await renderData(result, rendering, tally)
  const { unread = [], notesAtEnd } = result.remarks
  const notes = [...(result.remarks.notes ?? []), ...(notesAtEnd?.() ?? [])]
  // Those of a list may have their place in its document.
  if (result.kind !== 'list') await count(unread, tally, rendering)
  const found = isEmpty(result, rendering, tally) ? ['nothing found'] : []
  await renderRemarks({ ...result.remarks, notes: [...found, ...notes] }, rendering, tally, isRead)
  if (result.kind === 'live') await renderRemarks(await result.ended(), rendering, tally, true)
  return tally
}

async function renderRemarks(
  { notes = [], trouble }: Remarks,
  rendering: Rendering,
  tally: Tally,
  isRead: boolean,
): Promise<void> {
  if (!rendering.isQuiet && isRead) for (const note of notes) await writeNote(rendering.stderr, note)
  if (trouble === undefined) return
  tally.foundTrouble = true
  await writeError(rendering.stderr, trouble, isJson(rendering.format))
}

/** Somebody at a terminal wonders what became of a table that has no rows. */
function isEmpty({ kind }: RenderedResult, { format, stdout }: Rendering, tally: Tally): boolean {
  if (kind !== 'list' || format !== 'table' || !stdout.isTerminal) return false
  return tally.rowCount === 0 && tally.failedWith.size === 0
}

/** The formats whose errors are JSON too. */
export function isJson(format: string): boolean {
  return format === 'json' || format === 'jsonl'
}

async function renderData(result: RenderedResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  switch (result.kind) {
    case 'list':
      return renderList(result, rendering, tally)
    case 'item':
      return renderItem(result, rendering, tally)
    case 'live':
      return renderLive(result, rendering, tally)
    case 'ran':
      tally.status = result.status
      return true
    case 'json':
      return renderJson(result, rendering, tally)
    case 'raw':
      return renderRaw(result, rendering, tally)
  }
}

async function renderList(result: ListResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  const look = lookOf(rendering)
  const writer = await writerOf(result.shape, rendering.format, result.asBlocks, look)
  const write = (text: string) => writeText(rendering, text)
  const { unread = [] } = result.remarks
  const kept: ItemFailure[] = writer.keepsFailures ? [...unread] : []

  // A source that fails before its first row leaves stdout empty: the head waits for it.
  let head = writer.head()
  let isRead = true
  // Leaving the loop tells the source to stop.
  for await (const { rows, failures = [], failedRowCount = 0, rowlessCount = 0 } of result.batches) {
    for (const piece of piecesOf(rows, rendering)) {
      isRead &&= await write(head + writer.rows(piece))
      head = ''
    }
    tally.rowCount += rows.length
    tally.workedCount += rows.length - failedRowCount + rowlessCount
    if (writer.keepsFailures) kept.push(...failures)
    await count(failures, tally, writer.keepsFailures ? undefined : rendering)
    if (!isRead) break
  }
  await count(unread, tally, writer.keepsFailures ? undefined : rendering)
  return isRead && (await write(head + writer.tail(kept)))
}

/** The text of a hundred thousand rows at once would be hundreds of megabytes; only columns need them together. */
function piecesOf(rows: readonly unknown[], { format, stdout }: Rendering): (readonly unknown[])[] {
  if (rows.length <= PIECE_ROWS || (format === 'table' && stdout.isTerminal)) return [rows]
  return inChunks(rows, PIECE_ROWS)
}

async function renderItem({ shape, row }: ItemResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  const { format } = rendering
  const look = lookOf(rendering)
  tally.workedCount += 1
  if (format === 'json') return writeText(rendering, jsonItem(shape, row, look))
  if (format === 'yaml') {
    const { yamlItem } = await import('./yaml.ts')
    return writeText(rendering, yamlItem(shape, row))
  }
  const writer = await writerOf(shape, format, true, look)
  return writeText(rendering, writer.head() + writer.rows([row]) + writer.tail([]))
}

/** A script waits for one line, whatever it reads from. */
async function renderLive(result: LiveResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  const { shape, row } = result
  if (!isJson(rendering.format)) return renderItem({ ...result, kind: 'item' }, rendering, tally)
  tally.workedCount += 1
  return writeText(rendering, jsonItem(shape, row, { ...lookOf(rendering), isTerminal: false }))
}

async function renderJson(result: JsonResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  const print = result.isLines ? jsonLine : jsonDocument
  for await (const { values, failures = [] } of result.chunks) {
    const isRead = await rendering.stdout.write(values.map((value) => `${print(value)}\n`).join(''))
    tally.workedCount += values.length - failures.length
    await count(failures, tally, rendering)
    if (!isRead) return false
  }
  return true
}

async function renderRaw(result: RawResult, rendering: Rendering, tally: Tally): Promise<boolean> {
  for await (const { bytes, failures = [] } of result.chunks) {
    const isRead = await writeRaw(rendering, bytes)
    if (failures.length === 0) tally.workedCount += 1
    await count(failures, tally, rendering)
    if (!isRead) return false
  }
  return true
}

function writeRaw(rendering: Rendering, bytes: string | Uint8Array): Promise<boolean> {
  if (!rendering.stdout.isTerminal) return rendering.stdout.write(bytes)
  // It may be JSON, and stays so.
  if (typeof bytes === 'string') return rendering.stdout.write(escapeInQuotes(bytes))
  throw new UsageError('binary-to-terminal', 'these bytes are not for a terminal', {
    hint: 'send them to a file or a pipe',
  })
}

async function count(
  failures: readonly ItemFailure[],
  tally: Tally,
  rendering: Rendering | undefined,
): Promise<void> {
  for (const { error } of failures) tally.failedWith.add(error.exitCode)
  if (rendering !== undefined) await writeFailures(rendering.stderr, failures, isJson(rendering.format))
}

async function writeText(rendering: Rendering, text: string): Promise<boolean> {
  if (text === '') return true
  // Tables carry colours, and have made each cell safe themselves.
  return rendering.format === 'table' ? rendering.stdout.write(text) : writePlain(rendering, text)
}

async function writePlain({ stdout }: Rendering, text: string): Promise<boolean> {
  return stdout.write(stdout.isTerminal ? sanitiseLines(text) : text)
}

async function writerOf(
  shape: Shape<unknown>,
  format: Format,
  asBlocks: boolean,
  look: Look,
): Promise<Writer> {
  switch (format) {
    case 'json':
      return jsonWriter(shape, look)
    case 'jsonl':
      return jsonlWriter(shape)
    case 'yaml':
      return (await import('./yaml.ts')).yamlWriter(shape)
    case 'csv':
      return csvWriter(shape, look)
    case 'tsv':
      return tsvWriter(shape, look)
    case 'name':
      return nameWriter(shape.name ?? missing(format))
    case 'prom':
      return prometheusWriter(shape, shape.metrics ?? missing(format))
    case 'table':
      return tableWriter(shape, asBlocks, look)
    case 'raw':
      return missing(format)
  }
}

async function tableWriter(shape: Shape<unknown>, asBlocks: boolean, look: Look): Promise<Writer> {
  const { unfolded } = shape
  if (unfolded !== undefined) {
    const writer = await tableWriter({ version: shape.version, columns: unfolded.columns }, asBlocks, look)
    return { ...writer, rows: (rows) => writer.rows(rows.flatMap(unfolded.lines)) }
  }
  if (!look.isTerminal) return asBlocks ? plainBlocks(shape, look) : plainTable(shape, look)
  const { terminalBlocks, terminalTable } = await import('./terminal-table.ts')
  return asBlocks ? terminalBlocks(shape, look) : terminalTable(shape, look)
}

/** The flag offers only what the shape has; this is for a caller that did not ask it. */
function missing(format: Format): never {
  throw new UsageError('no-such-format', `this has no format "${format}"`)
}

function lookOf({ stdout, nowMs, hasHeaders, isCsvSafe }: Rendering): Look {
  const { isTerminal, hasColour, width } = stdout
  return { isTerminal, hasColour, width, nowMs, hasHeaders, isCsvSafe }
}
