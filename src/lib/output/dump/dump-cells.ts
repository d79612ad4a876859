import { basename, dirname } from 'node:path'
import type { Column } from '../shape.ts'
import type { Value } from '../value.ts'
import type { DumpedFile } from './dump-view.ts'

type Row = Readonly<Record<string, unknown>>
type Shown = (row: Row) => Value

const bytes: readonly string[] = ['key', 'value', 'keyBase64', 'valueBase64']
const lengthy: readonly string[] = ['value', 'valueBase64', 'decoded']
/** Where damage is told: beside the verdict on a batch, or else where a record would say something. */
const placesOfDamage: readonly string[] = ['valid', 'decoded', 'value', 'valueBase64']

/** What a table has in place of values: damage in words, markers without their bytes, files without one folder of all. */
export function asCells(
  columns: readonly Column<Row>[],
  files: readonly DumpedFile[],
): readonly Column<Row>[] {
  const isInTable = (key: string) => columns.some((each) => each.key === key && each.isInTable)
  const place = placesOfDamage.find(isInTable)
  const folders = new Set(files.map(({ file }) => dirname(file)))
  return columns.map((each) => {
    const shown = each.key === 'file' && folders.size === 1 ? nameOf(each.shown) : each.shown
    const said = bytes.includes(each.key) ? unlessControl(shown) : shown
    const standsLast = each.standsLast || lengthy.includes(each.key)
    if (each.key !== place) return { ...each, standsLast, shown: said }
    return { ...each, standsLast, folds: place === 'valid', shown: orDamage(said) }
  })
}

function nameOf(shown: Shown): Shown {
  return (row) => {
    const file = shown(row)
    return typeof file === 'string' ? basename(file) : file
  }
}

function unlessControl(shown: Shown): Shown {
  return (row) => (row.controlType === undefined ? shown(row) : null)
}

function orDamage(shown: Shown): Shown {
  return (row) => (row.kind === 'damage' ? `damaged at ${row.position}: ${row.finding}` : shown(row))
}
