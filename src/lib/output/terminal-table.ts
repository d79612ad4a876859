import Table from 'cli-table3'
import stringWidth from 'string-width'
import { cell } from './cell.ts'
import { paint } from './paint.ts'
import { type Column, isRightAligned, type Shape } from './shape.ts'
import type { Look, Writer } from './writer.ts'

/** cli-table3 takes time in the square of its rows; in chunks, with widths known, it is linear. */
const CHUNK_ROWS = 50
const GAP = '  '
/** Folded narrower than this, a sentence is a column of words. */
const NARROWEST_FOLD = 24
/** Every border that cli-table3 would draw, drawn as nothing. */
const noBorders = Object.fromEntries(
  ['top', 'bottom', 'mid'].flatMap((line) => ['', '-mid', '-left', '-right'].map((end) => [line + end, ''])),
)

/** A table for people: aligned, coloured, sentences folded to the terminal's width. */
export function terminalTable(shape: Shape<unknown>, look: Look): Writer {
  const columns = shape.columns.filter(({ isInTable }) => isInTable)
  const widths = columns.map(({ header }) => (look.hasHeaders ? header.length : 0))
  const aligns = columns.map(({ kind }) => (isRightAligned(kind) ? 'right' : 'left'))
  const print = (rows: string[][]) => {
    const folded = fold(widths, columns, look.width)
    return chunks(rows)
      .map((chunk) => table(chunk, folded, aligns))
      .join('')
  }
  let isTitled = !look.hasHeaders

  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      if (rows.length === 0) return ''
      const cells = rows.map((row) => columns.map((column) => paintedCell(column, row, look)))
      grow(widths, cells)
      // The header waits for the first rows, to stand as wide as they do.
      const title = isTitled ? [] : [columns.map(({ header }) => paint(header, 'bold', look))]
      isTitled = true
      return print([...title, ...cells])
    },
    tail: () => '',
  }
}

/** Each row as a block of lines, header and value. */
export function terminalBlocks({ columns }: Shape<unknown>, look: Look): Writer {
  const labels = columns.map(({ header }) => paint(header, 'bold', look))
  const labelWidth = Math.max(...columns.map(({ header }) => header.length))
  const valueWidth = Math.max(NARROWEST_FOLD, look.width - labelWidth - GAP.length)
  let isFirst = true
  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      const blocks = rows.map((row) => {
        const lines = columns.map((column, i) => [labels[i] ?? '', paintedCell(column, row, look)])
        return table(lines, [labelWidth, valueWidth], ['left', 'left'])
      })
      const gap = isFirst || rows.length === 0 ? '' : '\n'
      isFirst &&= rows.length === 0
      return gap + blocks.join('\n')
    },
    tail: () => '',
  }
}

function paintedCell(column: Column<unknown>, row: unknown, look: Look): string {
  return paint(cell(column.value(row), column.kind, look), column.colour(row), look)
}

function grow(widths: number[], cells: readonly string[][]): void {
  for (const row of cells) {
    row.forEach((text, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(text))
    })
  }
}

/** The columns that fold share what the others leave of the terminal. */
function fold(widths: readonly number[], columns: readonly Column<unknown>[], total: number): number[] {
  const gaps = GAP.length * (widths.length - 1)
  const folding = columns.filter(({ folds }) => folds).length
  const taken = widths.reduce((sum, width, i) => sum + (columns[i]?.folds ? 0 : width), gaps)
  const share = Math.max(NARROWEST_FOLD, Math.floor((total - taken) / Math.max(1, folding)))
  return widths.map((width, i) => (columns[i]?.folds ? Math.min(width, share) : width))
}

function table(rows: readonly string[][], widths: number[], aligns: ('left' | 'right')[]): string {
  const sheet = new Table({
    chars: { ...noBorders, left: '', 'left-mid': '', right: '', 'right-mid': '', middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: widths,
    colAligns: aligns,
    wordWrap: true,
  })
  sheet.push(...rows.map((row) => [...row]))
  return `${sheet.toString().replace(/ +$/gm, '')}\n`
}

function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text)
}

function chunks<T>(values: readonly T[]): T[][] {
  const count = Math.ceil(values.length / CHUNK_ROWS)
  return Array.from({ length: count }, (_, i) => values.slice(i * CHUNK_ROWS, (i + 1) * CHUNK_ROWS))
}
