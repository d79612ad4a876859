import { DataError } from '../errors.ts'
import type { Offset } from './figures.ts'
import type { CommitPlace } from './plan-commits.ts'

/** Kafka's writer quotes what is longer, whatever is in it. */
const LONGEST_BARE = 24
/** It quotes whatever has a character that sorts before the one behind the comma. */
const NEEDS_QUOTES = /[\0-,]/

export interface OffsetLine extends CommitPlace {
  readonly offset: Offset
}

/** A line of Kafka's own offsets CSV. With one group its name is left out: so does `kafka-consumer-groups --export`. */
export function offsetCsvLine({ group, topic, partition, offset }: OffsetLine, withGroup: boolean): string {
  const names = withGroup ? [group, topic] : [topic]
  return `${[...names.map(quoted), partition, offset].join(',')}\n`
}

function quoted(name: string): string {
  if (name.length <= LONGEST_BARE && !NEEDS_QUOTES.test(name)) return name
  return `"${name.replaceAll('"', '""')}"`
}

export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** Rows of a CSV as RFC 4180 has it; a name in quotes may go over several lines. */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const row = rowAt(text, at, line)
    if (row.cells.length > 1 || row.cells[0]?.trim() !== '') rows.push({ line, cells: row.cells })
    line += text.slice(at, row.end).split('\n').length - 1
    at = row.end
  }
  return rows
}

/** One row, and where the next one begins. */
function rowAt(text: string, start: number, line: number): { cells: string[]; end: number } {
  const cells: string[] = []
  let at = start
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at, line) : bareCell(text, at)
    cells.push(cell.value)
    at = cell.end
    if (text[at] !== ',') break
    at += 1
  }
  if (text[at] === '\r') at += 1
  if (at < text.length && text[at] !== '\n') throw broken(line, 'something stands behind a closing quote')
  return { cells, end: at + 1 }
}

function bareCell(text: string, start: number): { value: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { value: text.slice(start, end), end }
}

function quotedCell(text: string, start: number, line: number): { value: string; end: number } {
  let value = ''
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at)
    if (quote === -1) throw broken(line, 'a quote is not closed')
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    at = quote + 2
  }
}

function broken(line: number, what: string): DataError {
  return new DataError('bad-offset-file', `line ${line}: ${what}`, { details: { line } })
}
