import type { Shape } from './shape.ts'
import { bare, toJson, type Value } from './value.ts'
import type { Look, Writer } from './writer.ts'

/** RFC 4180: fields with commas, quotes or line ends in quotes, quotes doubled, lines ended by CR LF. */
export function csvWriter(shape: Shape<unknown>, look: Look): Writer {
  const field = look.isCsvSafe
    ? (value: Value) => quoted(harmless(value))
    : (value: Value) => quoted(text(value))
  return writer(shape, look, ',', '\r\n', field)
}

/** Tabs between, line feeds after; both, and the backslash itself, written as `\t`, `\n`, `\\` inside. */
export function tsvWriter(shape: Shape<unknown>, look: Look): Writer {
  const field = look.isCsvSafe
    ? (value: Value) => escaped(harmless(value))
    : (value: Value) => escaped(text(value))
  return writer(shape, look, '\t', '\n', field)
}

function writer(
  { columns }: Shape<unknown>,
  { hasHeaders }: Look,
  separator: string,
  lineEnd: string,
  field: (value: Value) => string,
): Writer {
  const line = (fields: string[]) => fields.join(separator) + lineEnd
  return {
    keepsFailures: false,
    head: () => (hasHeaders ? line(columns.map(({ key }) => key)) : ''),
    rows: (rows) => rows.map((row) => line(columns.map(({ value }) => field(value(row))))).join(''),
    tail: () => '',
  }
}

/** Exact digits; nothing for null; JSON for what has parts. */
function text(value: Value): string {
  const plain = bare(value)
  if (plain === null) return ''
  return typeof plain === 'object' ? JSON.stringify(toJson(plain)) : String(plain)
}

/** A spreadsheet runs text that starts like a formula. Numbers are numbers, and stay. */
function harmless(value: Value): string {
  const field = text(value)
  const isNumber = typeof bare(value) === 'number' || typeof bare(value) === 'bigint'
  return !isNumber && /^[=+\-@\t\r\n]/.test(field) ? `'${field}` : field
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

function escaped(field: string): string {
  return field.replace(/[\\\t\n\r]/g, (char) => escapes.get(char) ?? char)
}
