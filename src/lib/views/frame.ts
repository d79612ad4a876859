import { cellLines } from '../output/cell.ts'
import { fitting, grow, type Measured } from '../output/column-widths.ts'
import { type Colour, isRightAligned, type Shape, tableColumns } from '../output/shape.ts'
import { widthOf } from '../output/sheet.ts'
import { formatDuration } from '../values/durations.ts'
import { formatTime } from '../values/times.ts'
import type { ShownRow } from './screen-rows.ts'
import type { ScreenState } from './screen-state.ts'
import { sparkline } from './sparkline.ts'
import { TREND_WIDTH } from './trends.ts'

/** A piece of a line with one look. */
export interface Piece {
  readonly text: string
  readonly colour?: Colour | 'bold' | 'inverse'
}

export type Line = readonly Piece[]

/** All that a frame is made of. */
export interface FrameParts {
  readonly title: string
  readonly tabs: readonly string[]
  readonly shape: Shape<unknown>
  readonly rows: readonly ShownRow[]
  readonly state: ScreenState
  /** Of each row's last rounds; null where nothing is drawn. */
  readonly trendOf: ((name: string) => readonly (number | null)[]) | null
  readonly summary: string
  /** What went wrong in this round. */
  readonly problems: readonly string[]
  readonly everyMs: number
  readonly nowMs: number
  readonly columns: number
  readonly lines: number
}

const GAP = '  '
const LEAST_LINES = 6

/** How many rows there is room for. */
export function pageRows({ lines, problems }: Pick<FrameParts, 'lines' | 'problems'>): number {
  return Math.max(1, lines - LEAST_LINES - Math.min(problems.length, 2))
}

/** The screen as lines, none of them longer and all of them together no more than the terminal has. */
export function frame(parts: FrameParts): Line[] {
  const { state, rows, problems, lines, columns } = parts
  const head = [titleLine(parts), tabLine(parts), summaryLine(parts)]
  const foot = [...problems.slice(0, 2).map((text): Line => [{ text, colour: 'red' }]), footLine(parts)]
  const opened = state.opened === null ? undefined : rows.find(({ name }) => name === state.opened)
  const body = state.isHelp ? helpLines : opened === undefined ? table(parts) : block(parts, opened)
  const room = Math.max(1, lines - head.length - foot.length)
  const filled = [...body.slice(0, room)]
  while (filled.length < room) filled.push([])
  return [...head, ...filled, ...foot].map((line) => cut(line, columns))
}

function titleLine({ title, state, everyMs, nowMs }: FrameParts): Line {
  const time = formatTime(nowMs).slice(11, 19)
  const pace = state.isPaused ? 'paused' : `every ${formatDuration(everyMs)}`
  return [
    { text: title, colour: 'bold' },
    { text: `  ${time} UTC, ${pace}`, colour: 'dim' },
  ]
}

function tabLine({ tabs, state }: FrameParts): Line {
  if (tabs.length < 2) return []
  return tabs.map(
    (name, i): Piece => ({
      text: ` ${i + 1} ${name} `,
      ...(i === state.tab && { colour: 'inverse' as const }),
    }),
  )
}

function summaryLine({ summary, state, rows }: FrameParts): Line {
  const typing = state.isTyping ? '█' : ''
  const filter = state.isTyping || state.filter !== '' ? `  /${state.filter}${typing}` : ''
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`
  return [{ text: `${summary === '' ? count : summary}${filter}`, colour: 'dim' }]
}

/** Help tells of those that there is no room for. */
function footLine({ tabs, state, columns }: FrameParts): Line {
  if (state.isTyping) return [{ text: 'type to filter, Enter keeps it, Esc drops it', colour: 'dim' }]
  const keys = [
    '↑↓ move',
    'Enter look closer',
    '/ filter',
    's sort',
    'r reverse',
    'p pause',
    '? help',
    'q quit',
  ]
  const all = state.opened !== null ? ['Esc back', 'q quit'] : tabs.length > 1 ? ['←→ tab', ...keys] : keys
  while (all.length > 1 && widthOf(all.join(GAP)) > columns) all.shift()
  return [{ text: all.join(GAP), colour: 'dim' }]
}

function table(parts: FrameParts): Line[] {
  const { shape, rows, state, trendOf } = parts
  const columns = tableColumns(shape)
  const headers = columns.map(({ key, header }) =>
    key === state.sortKey ? `${header} ${state.isDescending ? '▼' : '▲'}` : header,
  )
  const trendWidth = trendOf === null ? 0 : GAP.length + TREND_WIDTH
  const room = pageRows(parts)
  const cursor = Math.min(state.cursor, Math.max(0, rows.length - 1))
  const first = Math.max(0, Math.min(cursor - Math.floor(room / 2), rows.length - room))
  const page = rows.slice(first, first + room)
  const measured = columns.map((column): Measured => ({ column, widest: 0, longestWord: 0 }))
  grow(measured, [headers, ...page.map(({ cells }) => [...cells])])
  const isKept = ({ column }: Measured) => column === columns[0] || column.key === state.sortKey
  const fits = fitting(measured, parts.columns - trendWidth, isKept)
  const kept = new Set(seen(fits, parts.columns, isKept))
  const line = (cells: readonly string[]) =>
    measured.flatMap((each, i) =>
      kept.has(each) ? [aligned(cells[i] ?? '', each.widest, isRightAligned(each.column.kind))] : [],
    )
  const shown = columns.filter((_, i) => kept.has(measured[i] as Measured))
  const trendHead = trendOf === null ? '' : `${GAP}${'TREND'.padStart(TREND_WIDTH)}`
  const head: Line = [{ text: line(headers).join(GAP) + trendHead, colour: 'bold' }]
  const body = page.map((row, i): Line => {
    const cells = line(row.cells)
    const trend = trendOf === null ? '' : GAP + sparkline(trendOf(row.name), TREND_WIDTH)
    const drawn: Piece = { text: trend, colour: 'green' }
    // A trend turned inside out would say the opposite.
    if (first + i === cursor) return [{ text: cells.join(GAP), colour: 'inverse' }, drawn]
    const pieces = cells.map((text, at): Piece => {
      const colour = shown[at]?.colour(row.row)
      return { text: at === 0 ? text : GAP + text, ...(colour !== undefined && { colour }) }
    })
    return [...pieces, drawn]
  })
  return rows.length === 0 ? [head, [{ text: 'nothing here', colour: 'dim' }]] : [head, ...body]
}

/** Rather without other columns than without the one that the rows are sorted by: Enter shows them all. */
function seen(
  measured: readonly Measured[],
  columns: number,
  isKept: (each: Measured) => boolean,
): readonly Measured[] {
  const width = measured.reduce((sum, { widest }) => sum + widest + GAP.length, -GAP.length)
  const last = measured.findLast((each) => !isKept(each))
  if (width <= columns || last === undefined) return measured
  return seen(
    measured.filter((each) => each !== last),
    columns,
    isKept,
  )
}

/** Everything that is known of a row. */
function block({ shape, nowMs }: FrameParts, { row }: ShownRow): Line[] {
  const reader = { isTerminal: true, nowMs }
  const widest = Math.max(...shape.columns.map(({ header }) => widthOf(header)))
  return shape.columns.flatMap((column) =>
    cellLines(column, row, reader).map(
      (text, i): Line => [
        { text: (i === 0 ? column.header : '').padEnd(widest), colour: 'dim' },
        { text: GAP + text },
      ],
    ),
  )
}

const helpLines: readonly Line[] = [
  '↑ ↓ j k      move, PgUp and PgDn by a page, Home and End to the ends',
  '← → Tab 1-9  another tab',
  'Enter        look closer at the row, Esc goes back',
  '/            only rows that hold what is typed; Esc shows all again',
  's            sort by the next column',
  'r            the other way round',
  'p            stop asking, and go on',
  'q Ctrl-C     quit',
  '',
  'any key goes on',
].map((text): Line => (text === '' ? [] : [{ text }]))

function aligned(text: string, width: number, isRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return isRight ? blanks + text : text + blanks
}

/** By what a terminal shows of it: a character may be two columns wide. */
function cut(line: Line, columns: number): Line {
  let left = columns
  const kept: Piece[] = []
  for (const piece of line) {
    if (left <= 0) break
    const text = firstOf(piece.text, left)
    left -= widthOf(text)
    kept.push({ ...piece, text })
  }
  return kept
}

function firstOf(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const char of text) {
    width += widthOf(char)
    if (width > columns) break
    kept += char
  }
  return kept
}
