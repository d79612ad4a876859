import { DataError, UsageError } from '../../errors.ts'
import type { JsonValue } from '../formats.ts'
import { parseJson } from '../json-text.ts'
import { serialize } from '../serialize.ts'
import type { InputForm } from './input-form.ts'
import type { InputFault, InputRecord, RecordReader } from './input-record.ts'
import { faultless, tooLong } from './line-reader.ts'
import { type Line, LineSplitter } from './line-splitter.ts'
import { headersOf, placeOf, refuseUnknown } from './record-fields.ts'
import { shortened, typedBytes } from './typed-bytes.ts'

/** RFC 4180: the first row names the columns, those of `consume -o csv`; each other row is a record. */
export class CsvReader implements RecordReader {
  readonly #form: InputForm
  readonly #lines: LineSplitter
  #names: readonly string[] | undefined

  constructor(form: InputForm) {
    this.#form = form
    const { maxRecordBytes: maxBytes } = form
    this.#lines = new LineSplitter({ maxBytes, hasCarriageReturns: true, hasQuotes: true })
  }

  read(bytes: Buffer): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.read(bytes, (line, at) => {
      const each = this.#rowOf(line, at)
      if (each !== undefined) found.push(each)
    })
    return found
  }

  end(): (InputRecord | InputFault)[] {
    const found: (InputRecord | InputFault)[] = []
    this.#lines.end((line, at) => {
      const each = this.#rowOf(line, at)
      if (each !== undefined) found.push(each)
    })
    return found
  }

  #rowOf(line: Line, at: number): InputRecord | InputFault | undefined {
    if (line === null) return tooLong(at, this.#form.maxRecordBytes)
    if (line.length === 0) return undefined
    const names = this.#names
    if (names !== undefined) return faultless(at, () => this.#parse(names, line, at))
    this.#names = namesIn(line)
    return undefined
  }

  #parse(names: readonly string[], line: Buffer, at: number): InputRecord {
    const cells = cellsOf(line)
    if (cells.length !== names.length) {
      throw new DataError('wrong-row', `has ${cells.length} columns, and the header ${names.length}`)
    }
    const row = new Map(names.map((name, i) => [name, cells[i] ?? '']))
    const place = { partition: numberIn(row, 'partition'), timestamp: numberIn(row, 'timestamp') }
    const own = headersOf({ ...jsonIn(row, 'headers'), ...jsonIn(row, 'headersBase64') })
    const { headers, keyFormat, valueFormat } = this.#form
    return {
      kind: 'record',
      line: at,
      key: this.#keyOf(row, keyFormat),
      value: this.#bytesOf(row, 'value', valueFormat) ?? null,
      headers: headers.length === 0 ? own : [...own, ...headers],
      ...placeOf(place, this.#form),
    }
  }

  /** In CSV a key that is not there and one that is empty look the same; the first is what is meant nearly always. */
  #keyOf(row: ReadonlyMap<string, string>, format: InputForm['keyFormat']): Buffer | null {
    const key = this.#bytesOf(row, 'key', format)
    return key === undefined || key?.length === 0 ? this.#form.key : key
  }

  /** Of a column and its base64 one is filled; undefined where neither is there. */
  #bytesOf(
    row: ReadonlyMap<string, string>,
    name: 'key' | 'value',
    format: InputForm['keyFormat'],
  ): Buffer | null | undefined {
    const base64 = row.get(`${name}Base64`)
    if (base64 !== undefined && base64 !== '') return serialize('base64', base64)
    const cell = row.get(name)
    if (cell === undefined) return base64 === undefined ? undefined : Buffer.alloc(0)
    const typed = Buffer.from(cell, 'latin1')
    if (this.#form.nullText?.equals(typed) === true) return null
    if (name === 'key' && cell === '') return undefined
    return typedBytes(format, typed)
  }
}

/** Fields keep their bytes: each stands for a character of Latin-1 until it is one of its own kind. */
export function cellsOf(line: Buffer): string[] {
  const text = line.toString('latin1')
  const cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') return cells
  }
  throw new DataError('wrong-row', `${shortened(text)} has a quote in the wrong place`, {
    hint: 'a cell with quotes, commas or line ends is quoted, and its quotes are doubled',
  })
}

function namesIn(line: Buffer): readonly string[] {
  const names = cellsOf(line).map((name) => name.replace(/^\u00ef\u00bb\u00bf/, '').trim())
  refuseUnknown(names, 'the column')
  if (names.includes('value') || names.includes('valueBase64')) return names
  throw new UsageError('no-value-column', `no column is called value: ${names.join(', ')}`, {
    hint: 'the first row names the columns: key,value',
  })
}

function numberIn(row: ReadonlyMap<string, string>, name: string): JsonValue {
  const cell = row.get(name) ?? ''
  if (cell === '') return null
  const number = Number(cell)
  return /^-?\d+$/.test(cell) && Number.isSafeInteger(number) ? number : cell
}

function jsonIn(row: ReadonlyMap<string, string>, name: string): { readonly [field: string]: JsonValue } {
  const cell = row.get(name) ?? ''
  if (cell === '') return {}
  const text = Buffer.from(cell, 'latin1').toString('utf8')
  return { [name]: parseJson(text) ?? text }
}
