import { cell, cellLines } from './cell.ts'
import { paint } from './paint.ts'
import { type Column, isRightAligned, type Shape, tableColumns } from './shape.ts'
import { type Align, GAP, longestWordOf, NARROWEST_FOLD, sheet, widthOf } from './sheet.ts'
import type { Look, Writer } from './writer.ts'

/** A column, and what its cells so far need. */
interface Measured {
  readonly column: Column<unknown>
  widest: number
  longestWord: number
}

/** A table for people: aligned, coloured, sentences folded to the terminal's width. */
export function terminalTable(shape: Shape<unknown>, look: Look): Writer {
  const columns = tableColumns(shape)
  const title = columns.map(({ header }) => paint(header, 'bold', look))
  const aligns = columns.map(({ kind }): Align => (isRightAligned(kind) ? 'right' : 'left'))
  const measured = columns.map((column): Measured => ({ column, widest: 0, longestWord: 0 }))
  let isTitled = !look.hasHeaders

  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      if (rows.length === 0) return ''
      const cells = rows.map((row) => columns.map((column) => paintedCell(column, row, look)))
      // The header waits for the first rows, to stand as wide as they do.
      const lines = isTitled ? cells : [title, ...cells]
      isTitled = true
      grow(measured, lines)
      return sheet(lines, widthsOf(measured, look.width), aligns)
    },
    tail: () => '',
  }
}

/** Each row as a block of lines, header and value. */
export function terminalBlocks(shape: Shape<unknown>, look: Look): Writer {
  const columns = shape.columns.filter(({ isInBlock }) => isInBlock)
  const labels = columns.map(({ header }) => paint(header, 'bold', look))
  const labelWidth = Math.max(...columns.map(({ header }) => header.length))
  const room = Math.max(NARROWEST_FOLD, look.width - labelWidth - GAP.length)
  let isFirst = true
  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      const blocks = rows.map((row) => {
        const values = columns.map((column) => paintedLines(column, row, look))
        const valueWidth = Math.max(room, ...values.map(longestWordOf))
        const lines = values.map((value, i) => [labels[i] ?? '', value])
        return sheet(lines, [labelWidth, valueWidth], ['left', 'left'])
      })
      const gap = isFirst || rows.length === 0 ? '' : '\n'
      isFirst &&= rows.length === 0
      return gap + blocks.join('\n')
    },
    tail: () => '',
  }
}

function paintedCell(column: Column<unknown>, row: unknown, look: Look): string {
  return paint(cell(column.shown(row), column.kind, look), column.colour(row), look)
}

function paintedLines(column: Column<unknown>, row: unknown, look: Look): string {
  const colour = column.colour(row)
  return cellLines(column, row, look)
    .map((line) => paint(line, colour, look))
    .join('\n')
}

function grow(measured: readonly Measured[], lines: readonly string[][]): void {
  for (const line of lines) {
    line.forEach((text, i) => {
      const each = measured[i] as Measured
      each.widest = Math.max(each.widest, widthOf(text))
      if (each.column.folds) each.longestWord = Math.max(each.longestWord, longestWordOf(text))
    })
  }
}

/** The columns that fold share what the others leave of the terminal; what one does not need goes to the rest. */
function widthsOf(measured: readonly Measured[], totalWidth: number): number[] {
  const widths = new Map(measured.map((each) => [each, each.widest]))
  const folding = measured.filter(({ column }) => column.folds).sort((a, b) => a.widest - b.widest)
  const gaps = GAP.length * (measured.length - 1)
  let left = measured.reduce((rest, each) => rest - (each.column.folds ? 0 : each.widest), totalWidth - gaps)
  folding.forEach((each, i) => {
    const share = Math.floor(left / (folding.length - i))
    const width = Math.min(each.widest, Math.max(NARROWEST_FOLD, each.longestWord, share))
    widths.set(each, width)
    left -= width
  })
  return [...widths.values()]
}
