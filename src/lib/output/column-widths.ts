import type { Column } from './shape.ts'
import { GAP, longestWordOf, NARROWEST_FOLD, widthOf } from './sheet.ts'

/** Where no column is left to leave out, a column of words is easier to read than lines that the terminal breaks. */
const NARROWEST_AT_ALL = 12

/** A column, and what its cells so far need. */
export interface Measured {
  readonly column: Column<unknown>
  widest: number
  longestWord: number
}

export function grow(measured: readonly Measured[], lines: readonly string[][]): void {
  for (const line of lines) {
    line.forEach((text, i) => {
      const each = measured[i] as Measured
      each.widest = Math.max(each.widest, widthOf(text))
      if (each.column.folds) each.longestWord = Math.max(each.longestWord, longestWordOf(text))
    })
  }
}

/** All of them if there is room; else without spare ones, the last first, but for those that are kept. */
export function fitting(
  measured: readonly Measured[],
  totalWidth: number,
  isKept: (each: Measured) => boolean = () => false,
): readonly Measured[] {
  if (leastWidthOf(measured) <= totalWidth) return measured
  const spare = measured.findLast((each) => each.column.isSpare && !isKept(each))
  if (spare === undefined) return measured
  return fitting(
    measured.filter((each) => each !== spare),
    totalWidth,
    isKept,
  )
}

function leastWidthOf(measured: readonly Measured[]): number {
  const gaps = GAP.length * (measured.length - 1)
  return measured.reduce((sum, each) => sum + narrowestOf(each), gaps)
}

function narrowestOf({ column, widest, longestWord }: Measured): number {
  if (column.standsLast) return Math.min(widest, NARROWEST_FOLD)
  return column.folds ? Math.min(widest, Math.max(NARROWEST_FOLD, longestWord)) : widest
}

/** The columns that fold share what the others leave of the terminal; what one does not need goes to the rest. */
export function widthsOf(measured: readonly Measured[], totalWidth: number): number[] {
  const widths = new Map(measured.map((each) => [each, each.widest]))
  const folding = measured.filter(({ column }) => column.folds).sort((a, b) => a.widest - b.widest)
  const gaps = GAP.length * (measured.length - 1)
  let left = measured.reduce((rest, each) => rest - (each.column.folds ? 0 : each.widest), totalWidth - gaps)
  folding.forEach((each, i) => {
    const share = Math.floor(left / (folding.length - i))
    const width = Math.min(each.widest, Math.max(NARROWEST_AT_ALL, each.longestWord, share))
    widths.set(each, width)
    left -= width
  })
  return [...widths.values()]
}
