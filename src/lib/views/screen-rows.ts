import { isFigure, isKnown } from '../model/figure.ts'
import { cell } from '../output/cell.ts'
import { type Column, type Shape, tableColumns } from '../output/shape.ts'
import type { Value } from '../output/value.ts'
import type { ScreenState } from './screen-state.ts'

/** A row with what the screen needs of it. */
export interface ShownRow {
  readonly row: unknown
  readonly name: string
  readonly cells: readonly string[]
}

/** The rows that are looked at: those that hold what was typed, in the order that was asked for. */
export function shownRows(
  shape: Shape<unknown>,
  rows: readonly unknown[],
  { filter, sortKey, isDescending }: Pick<ScreenState, 'filter' | 'sortKey' | 'isDescending'>,
  nowMs: number,
): ShownRow[] {
  const columns = tableColumns(shape)
  const reader = { isTerminal: true, nowMs }
  const told = rows.map((row) => ({
    row,
    name: nameOf(shape, row),
    cells: columns.map(({ shown, kind }) => cell(shown(row), kind, reader)),
  }))
  const wanted = filter.toLowerCase()
  const found = told.filter(({ cells }) => cells.some((text) => text.toLowerCase().includes(wanted)))
  const by = shape.columns.find(({ key }) => key === sortKey)
  return by === undefined ? found : found.sort((a, b) => compare(by, a.row, b.row, isDescending))
}

/** By its name, or by all of its columns of words and numbers that tell rows apart. */
export function nameOf({ name, columns }: Shape<unknown>, row: unknown): string {
  if (name !== undefined) return name(row)
  return columns
    .slice(0, 3)
    .map(({ value }) => String(bare(value(row)) ?? ''))
    .join(' ')
}

/** What is not known stands last, whichever way the rest goes. */
function compare({ value }: Column<unknown>, a: unknown, b: unknown, isDescending: boolean): number {
  const [left, right] = [bare(value(a)), bare(value(b))]
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const order = left < right ? -1 : left > right ? 1 : 0
  return isDescending ? -order : order
}

/** A value that can be compared, or drawn. */
export function bare(value: Value): string | number | bigint | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((each: Value) => String(bare(each))).join(',')
  if (isFigure(value)) return isKnown(value) ? bare(value.value as Value) : null
  return JSON.stringify(value)
}
