import { isFigure, isKnown } from '../model/figure.ts'
import { cell, cellLines } from './cell.ts'
import { fitting, grow, type Measured, widthsOf } from './column-widths.ts'
import { paint } from './paint.ts'
import { type Column, isRightAligned, type Shape, tableColumns } from './shape.ts'
import { type Align, GAP, longestWordOf, NARROWEST_FOLD, sheet } from './sheet.ts'
import type { Look, Writer } from './writer.ts'

/** Behind the last header where the terminal has no room for all columns. */
const LEFT_OUT = '…'

/** A table for people: aligned, coloured, sentences folded to the terminal's width. */
export function terminalTable(shape: Shape<unknown>, look: Look): Writer {
  let columns = tableColumns(shape)
  let measured = columns.map((column): Measured => ({ column, widest: 0, longestWord: 0 }))
  let isBegun = false

  /** The first rows decide which columns there are room for, and the header stands as wide as they do. */
  function begin(rows: readonly unknown[]): string[][] {
    isBegun = true
    measured = measured.filter(({ column }) => !column.isSpare || rows.some((row) => isTold(column, row)))
    columns = measured.map(({ column }) => column)
    const title = columns.map(({ header }) => paint(header, 'bold', look))
    grow(measured, [...(look.hasHeaders ? [title] : []), ...cellsOf(columns, rows, look)])
    const kept = fitting(measured, look.width)
    const isShort = kept.length < measured.length
    columns = kept.map(({ column }) => column)
    measured = [...kept]
    if (!look.hasHeaders) return []
    const headers = columns.map(({ header }, i) =>
      isShort && i === columns.length - 1 ? `${header} ${LEFT_OUT}` : header,
    )
    return [headers.map((header) => paint(header, 'bold', look))]
  }

  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      if (rows.length === 0) return ''
      const title = isBegun ? [] : begin(rows)
      const lines = [...title, ...cellsOf(columns, rows, look)]
      grow(measured, lines)
      const aligns = columns.map(({ kind }): Align => (isRightAligned(kind) ? 'right' : 'left'))
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

/** What this place cannot tell of any row needs no column to say so. */
function isTold({ shown }: Column<unknown>, row: unknown): boolean {
  const value = shown(row)
  return typeof value !== 'object' || value === null || !isFigure(value) || isKnown(value)
}

function cellsOf(columns: readonly Column<unknown>[], rows: readonly unknown[], look: Look): string[][] {
  return rows.map((row) => columns.map((column) => paintedCell(column, row, look)))
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
