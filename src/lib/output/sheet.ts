import Table from 'cli-table3'
import stringWidth from 'string-width'
import { inChunks } from '../values/in-chunks.ts'

export type Align = 'left' | 'right'

/** What stands between two columns. */
export const GAP = '  '
/** Folded narrower than this, a sentence is a column of words. */
export const NARROWEST_FOLD = 24
/** cli-table3 takes time in the square of its rows; in chunks, with widths known, it is linear. */
const CHUNK_ROWS = 50
/** Every border that cli-table3 would draw, drawn as nothing. */
const noBorders = Object.fromEntries(
  ['top', 'bottom', 'mid'].flatMap((line) => ['', '-mid', '-left', '-right'].map((end) => [line + end, ''])),
)

/** Rows of cells in columns of these widths; a longer cell is folded between its words. */
export function sheet(
  rows: readonly string[][],
  widths: readonly number[],
  aligns: readonly Align[],
): string {
  return inChunks(rows, CHUNK_ROWS)
    .map((chunk) => {
      const table = new Table({
        chars: { ...noBorders, left: '', 'left-mid': '', right: '', 'right-mid': '', middle: GAP },
        style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
        colWidths: [...widths],
        colAligns: [...aligns],
        wordWrap: true,
      })
      table.push(...chunk)
      return `${table.toString().replace(/ +$/gm, '')}\n`
    })
    .join('')
}

export function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text)
}

/** Narrower than its longest word a column would cut it off. */
export function longestWordOf(text: string): number {
  return Math.max(...text.split(/[ \n]/).map(widthOf))
}
