import { cell, cellLines, type Reader } from './cell.ts'
import { type Shape, tableColumns } from './shape.ts'
import type { Look, Writer } from './writer.ts'

/** A table for the next program in the pipe: tabs between cells, no alignment, no colour, no ages. */
export function plainTable(shape: Shape<unknown>, look: Look): Writer {
  const columns = tableColumns(shape)
  const line = (cells: string[]) => `${cells.join('\t')}\n`
  return {
    keepsFailures: false,
    head: () => (look.hasHeaders ? line(columns.map(({ header }) => header)) : ''),
    rows: (rows) =>
      rows.map((row) => line(columns.map(({ shown, kind }) => cell(shown(row), kind, look)))).join(''),
    tail: () => '',
  }
}

/** Each row as a block: its header before each value. An empty line between blocks. */
export function plainBlocks(shape: Shape<unknown>, look: Look): Writer {
  let isFirst = true
  return {
    keepsFailures: false,
    head: () => '',
    rows(rows) {
      const text = rows.map((row) => plainBlock(shape, row, look)).join('\n')
      const gap = isFirst || text === '' ? '' : '\n'
      isFirst &&= text === ''
      return gap + text
    },
    tail: () => '',
  }
}

function plainBlock({ columns }: Shape<unknown>, row: unknown, reader: Reader): string {
  return columns
    .filter(({ isInBlock }) => isInBlock)
    .flatMap((column) => cellLines(column, row, reader).map((line) => `${column.header}\t${line}\n`))
    .join('')
}
