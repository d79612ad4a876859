import { DataError } from '../errors.ts'
import type { Offset } from './figures.ts'
import { type CsvRow, csvRows } from './offset-csv.ts'
import { isSameOffset, itemOf } from './plan-commits.ts'

/** An offset out of a file; the group is null where the file does not say whose it is. */
export interface FileOffset {
  readonly group: string | null
  readonly topic: string
  readonly partition: number
  readonly offset: Offset
}

const MAX_PARTITION = 2 ** 31 - 1
const LARGEST = 2n ** 63n - 1n

/**
 * Offsets as somebody has written them down: the CSV of Kafka's own tools with or without groups, our own with a header,
 * JSON as of kcl or of ktool, or the text of rpk, whose columns are parted by spaces or tabs.
 */
export function parseOffsetFile(text: string): FileOffset[] {
  const content = text.replace(/^\uFEFF/, '')
  const offsets = content.trimStart().match(/^[[{]/) ? fromJson(content) : fromLines(content)
  return withoutTwins(offsets)
}

function fromLines(text: string): FileOffset[] {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? ''
  const rows = first.includes(',') ? csvRows(text) : textRows(text)
  const [head, ...rest] = rows
  if (head === undefined) return []
  const columns = headerOf(head)
  return columns === undefined
    ? rows.map((row) => fromCells(row, columnsOf(row)))
    : rest.map((row) => fromCells(row, columns))
}

function textRows(text: string): CsvRow[] {
  return text.split('\n').flatMap((each, i) => {
    const cells = each.trim().split(/[ \t]+/)
    return cells[0] === '' ? [] : [{ line: i + 1, cells }]
  })
}

type Columns = Readonly<Record<'topic' | 'partition' | 'offset', number>> & { readonly group: number | null }

/** Kafka writes no header; rpk, ktool and spreadsheets do, in whatever order. */
function headerOf({ cells }: CsvRow): Columns | undefined {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  const topic = names.indexOf('topic')
  const partition = names.indexOf('partition')
  const offset = names.findIndex((name) => /^(new-|current-|committed-)?offset$|^committed$/.test(name))
  const group = names.indexOf('group')
  if (topic === -1 || partition === -1 || offset === -1) return undefined
  return { topic, partition, offset, group: group === -1 ? null : group }
}

function columnsOf({ cells, line }: CsvRow): Columns {
  if (cells.length === 3) return { group: null, topic: 0, partition: 1, offset: 2 }
  if (cells.length === 4) return { group: 0, topic: 1, partition: 2, offset: 3 }
  throw badLine(line, `there are ${cells.length} columns`)
}

function fromCells({ cells, line }: CsvRow, columns: Columns): FileOffset {
  const cell = (at: number) => cells[at]?.trim() ?? ''
  return checked(
    {
      group: columns.group === null ? null : (cells[columns.group] ?? ''),
      topic: cell(columns.topic),
      partition: cell(columns.partition),
      offset: cell(columns.offset),
    },
    (what) => badLine(line, what),
  )
}

function fromJson(text: string): FileOffset[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError('bad-offset-file', `it is no JSON: ${reason}`, { hint: HINT })
  }
  const list = Array.isArray(json) ? json : listIn(json)
  if (list === undefined) throw new DataError('bad-offset-file', 'its JSON holds no list', { hint: HINT })
  return list.map((each: unknown, i) => {
    const { group, topic, partition, offset } = record(each)
    const bad = (what: string) => badPlace(`item ${i + 1}`, what)
    return checked({ group: group ?? null, topic, partition, offset }, bad)
  })
}

function listIn(json: unknown): unknown[] | undefined {
  const { items, offsets } = record(json)
  return [items, offsets].find((each) => Array.isArray(each))
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

type Said = Readonly<Record<'group' | 'topic' | 'partition' | 'offset', unknown>>

function checked(said: Said, bad: (what: string) => DataError): FileOffset {
  const { group, topic } = said
  if (typeof topic !== 'string' || !/^[a-zA-Z0-9._-]{1,249}$/.test(topic)) {
    throw bad(`${JSON.stringify(topic)} is no topic`)
  }
  if (group !== null && typeof group !== 'string') throw bad(`${JSON.stringify(group)} is no group`)
  const partition = wholeNumber(said.partition)
  if (partition === undefined || partition > MAX_PARTITION) {
    throw bad(`${JSON.stringify(said.partition)} is no partition`)
  }
  const offset = wholeNumber(said.offset)
  if (offset === undefined) throw bad(`${JSON.stringify(said.offset)} is no offset`)
  return { group, topic, partition: Number(partition), offset }
}

/** Up to 2⁶³−1; what is not that is nothing. */
function wholeNumber(value: unknown): Offset | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return undefined
  const number = BigInt(value)
  if (number > LARGEST) return undefined
  return Number.isSafeInteger(Number(number)) ? Number(number) : number
}

/** The last of two would win, and nobody would know of the first. */
function withoutTwins(offsets: readonly FileOffset[]): FileOffset[] {
  const known = new Map<string, FileOffset>()
  for (const each of offsets) {
    const key = JSON.stringify([each.group, each.topic, each.partition])
    const before = known.get(key)
    if (before !== undefined && !isSameOffset(before.offset, each.offset)) {
      const item = itemOf({ ...each, group: each.group ?? '' }).trim()
      throw badPlace(item, `it is there twice, with offset ${before.offset} and with ${each.offset}`)
    }
    known.set(key, each)
  }
  return [...known.values()]
}

const HINT =
  'a line is topic,partition,offset or group,topic,partition,offset; JSON is [{"topic","partition","offset"}]'

function badLine(line: number, what: string): DataError {
  return badPlace(`line ${line}`, what)
}

function badPlace(place: string, what: string): DataError {
  return new DataError('bad-offset-file', `${place}: ${what}`, { hint: HINT, details: { place } })
}
